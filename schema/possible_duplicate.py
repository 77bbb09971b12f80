"""PossibleDuplicate: two citations that may be one paper."""

from typing import ClassVar

from schema.record import Record
from schema.terms import DuplicateState


class PossibleDuplicate(Record):
    """Two citations that may be one paper, why that is not sure, and what a person decided.

    A decision stays: loading the same pair again neither asks nor merges.
    """

    label: ClassVar[str] = "PossibleDuplicate"

    #: Both ids, joined by a bar; see :func:`duplicate_id`.
    id: str
    #: The citation whose id comes first in the alphabet, and the other one.
    one: str
    other: str
    state: DuplicateState = DuplicateState.OPEN
    #: What agrees, and what is missing or differs.
    reason: str
    #: When they were found: UTC, ISO 8601, with Z.
    found: str
    decided: str | None = None
    decided_by: str | None = None


def duplicate_id(one: str, other: str) -> str:
    """Return the id of a pair, whatever the order."""
    return "|".join(sorted((one, other)))
