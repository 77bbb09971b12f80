"""MergedCitation: a record of a citation that was merged into another one, with all that is needed to split them."""

from typing import ClassVar

from schema.ids import Doi, Pmcid, Pmid
from schema.record import DRAFT, Part, Record


class Replaced(Part):
    """A field of the kept citation that the merge changed: its value and source before, and its value after."""

    field: str
    #: As JSON.
    before: str
    source: str
    #: As JSON.
    after: str


class Moved(Part):
    """A record that named the merged citation and was pointed at the kept one: the fields as they were and became."""

    record_label: str
    record_id: str
    #: As JSON: the value by the field's name.
    before: str
    #: As JSON: the value by the field's name.
    after: str


class MergedCitation(Record):
    """What a citation said when it was merged into another one; its id leads there.

    It came about by a sure match beyond identifiers, or because a person decided so. Splitting the two restores it.
    """

    label: ClassVar[str] = "MergedCitation"

    #: The id of the citation that was merged.
    id: str
    #: The id of the citation that was kept.
    into: str
    #: Its identifiers, under which it is still found.
    pmid: Pmid | None = None
    doi: Doi | None = None
    pmcid: Pmcid | None = None
    #: The record as JSON.
    content: str
    #: Its main source, and the sources of single fields (as JSON) where they differ.
    source: str
    field_sources: str = "{}"
    #: The first release that held it; the draft number where none did.
    first_release: int = DRAFT
    load_run: str | None = None
    reason: str
    #: When, UTC, ISO 8601, with Z; and who decided, or who loaded it.
    merged: str
    who: str
    #: When the two were split again, and by whom: the citation stands for itself from then on.
    split: str | None = None
    split_by: str | None = None
    replaced: tuple[Replaced, ...] = ()
    moved: tuple[Moved, ...] = ()
