"""Notice: what was told of a published work after it appeared, and where that was read. Not kept in the graph."""

from dataclasses import dataclass

from schema.terms import RetractionState


@dataclass(frozen=True, slots=True)
class Notice:
    """A retraction, expression of concern, correction or reinstatement of an article.

    Identifiers are normalised; the article's lead to what is marked, the notice's to where it is told. ``date`` is
    that of the notice as far as it is known: ``2019``, ``2019-04`` or ``2019-04-02``.
    """

    state: RetractionState
    where: str
    pmid: str | None = None
    doi: str | None = None
    date: str | None = None
    notice_pmid: str | None = None
    notice_doi: str | None = None
    reason: str | None = None
    source_url: str | None = None
