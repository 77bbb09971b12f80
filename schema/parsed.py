"""What a loader yields: records with the place they were read at, and problems with theirs."""

from dataclasses import dataclass

from schema.record import Record


@dataclass(frozen=True, slots=True)
class Parsed:
    """A record and where it stands in its source: ``file:line``, or the record's own id."""

    record: Record
    where: str
    #: Of a study all findings, of a page all statements and references that its source holds of it, by label and id.
    #: None where the source does not tell them all.
    parts: frozenset[tuple[str, str]] | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """What could not be read (or loaded), where, and what to do about it.

    A warning (``rejected`` False) is told and nothing is lost; otherwise a record was left out.
    """

    where: str
    message: str
    rejected: bool = True
