"""Decisions: what a load would do with each record."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from kb.ingest.content import Content
from kb.ingest.existing import Existing
from schema.merged_citation import MergedCitation
from schema.parsed import Parsed, Problem
from schema.possible_duplicate import PossibleDuplicate
from schema.record import Record

#: The label and the id of a record.
Key = tuple[str, str]


class Action(StrEnum):
    """What happens to a record."""

    NEW = "new"
    #: Known under another id or from another source, which say no less.
    MATCHED = "matched"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Incoming:
    """A parsed record, the index of its file in this load, and the source that its fields belong to."""

    parsed: Parsed
    file: int
    source: str
    #: What was made of it ahead.
    content: Content | None = None

    def content_of(self, record: Record) -> Content:
        """Return the content of a record that is decided from this one; it is made where it is not this one itself."""
        if self.content is not None and self.content.record is record:
            return self.content
        return Content.of(record)

    def hash_of(self, record: Record) -> str:
        """Return the content hash of a record that is decided from this one."""
        if self.content is not None and self.content.record is record:
            return self.content.hash
        return record.content_hash()


@dataclass(frozen=True, slots=True)
class Earlier:
    """What earlier chunks decided of a citation by the first record of the same file, and when that was revised."""

    action: Action
    revised: str | None
    #: Records of the file that told of it so far.
    heard: int


@dataclass(frozen=True, slots=True)
class Decision:
    """What happens to one record: the content to write, and what it replaces."""

    action: Action
    record: Record
    incoming: Incoming
    before: Existing | None
    source: str
    field_sources: dict[str, str]
    #: Whether it is a second record of this load for the same thing; it writes nothing of its own.
    double: bool = False
    #: Set where an earlier chunk has a record of the same file for the same thing.
    again: Earlier | None = None


@dataclass(frozen=True, slots=True)
class Absorption:
    """What is to be kept of a record that was merged beyond identifiers, and the file that brought it."""

    file: int
    note: MergedCitation
    #: What is kept of it already, as it was read.
    before: MergedCitation | None
    #: The citation that it became part of, as it was read; None where that is new or nothing is decided of it.
    into: Existing | None


@dataclass(frozen=True)
class Plan:
    """The decisions in writing order, and the problems with the file each belongs to."""

    decisions: Sequence[Decision]
    problems: Sequence[tuple[int, Problem]]
    merged: Sequence[Absorption] = ()
    #: For a person to look at.
    pairs: Sequence[PossibleDuplicate] = ()
