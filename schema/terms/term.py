"""A controlled term: an enumeration member that carries its definition and source.

A definition of None means that the term is in use and no definition was read. A source of
"Treatise" means that the term, or its wording, is our own.
"""

from enum import StrEnum
from typing import Self

#: The source of a term or a wording that is our own.
OWN = "Treatise"


class Term(StrEnum):
    """A controlled term: its value, its definition and where the definition comes from."""

    definition: str | None
    source: str | None

    def __new__(cls, value: str, definition: str | None = None, source: str | None = None) -> Self:
        """Make a member from (value, definition, source)."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.definition = definition
        member.source = source
        return member
