"""Check: what one bibliographic source held against a citation, and when it was asked."""

from typing import ClassVar

from schema.record import Part, Record
from schema.terms import BibliographicSource, VerificationState


class Difference(Part):
    """A field in which a citation and a source differ in substance, with both values."""

    #: The field's name; ``first_author`` is the first of the authors.
    field: str
    printed: str
    found: str


class Check(Record):
    """The last answer of one source about one citation.

    It stands outside of releases, because a check that finds what was found before changes nothing that a reader is
    told but its time: it must make no draft. What the checks amount to is the citation's own ``verification``, which
    is content, is loaded like any other and waits for the next release. A source that could not be asked leaves the
    earlier check as it is.
    """

    label: ClassVar[str] = "Check"

    #: The citation's id and the source, joined by a bar; see :func:`check_id`.
    id: str
    #: The id of the citation.
    citation: str
    source: BibliographicSource
    #: When the source answered: UTC, ISO 8601, with Z.
    checked: str
    verdict: VerificationState
    #: What was looked for: an identifier, or the title.
    looked_for: str
    #: The id of what the source holds; null where it holds nothing.
    found_as: str | None = None
    differences: tuple[Difference, ...] = ()
    #: Names of the fields that both have and in which they agree.
    agreed: tuple[str, ...] = ()
    #: Hash of the fields that were compared: a citation that was corrected since is due again.
    compared: str


def check_id(citation: str, source: BibliographicSource) -> str:
    """Return the id of the check of a citation with a source."""
    return f"{citation}|{source.value}"
