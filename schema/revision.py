"""Revision: what a record said in earlier releases."""

from typing import ClassVar

from schema.record import Record


class Revision(Record):
    """The content of a record as it stood from release ``first`` up to, not including, release ``until``.

    A record that is edited after it was published keeps its published content here. ``until`` is the draft number
    until the edit is itself published: readers of a release find the content that it held.
    """

    label: ClassVar[str] = "Revision"

    id: str
    record_label: str
    record_id: str
    first: int
    until: int
    #: The record as JSON.
    content: str
    load_run: str | None = None
    #: Of a citation: its outside identifiers then.
    pmid: str | None = None
    doi: str | None = None
    pmcid: str | None = None
