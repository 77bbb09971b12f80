"""Notices that citations themselves make: by links to what they are about, and to what is about them.

Source: NLM, "Errata, Retractions, and Other Linked Citations in PubMed".
"""

from collections.abc import AsyncGenerator, Iterator
from operator import itemgetter

from kb.store import Store, portions
from schema.citation import Citation
from schema.notice import Notice
from schema.terms import CitationLinkKind, RetractionState

#: Citations whose links are read at once.
AT_ONCE = 1_000

#: What a link says of the work that has it, and of the work that it leads to.
_OF_THIS = {
    CitationLinkKind.RETRACTION_IN: RetractionState.RETRACTED,
    CitationLinkKind.RETRACTED_AND_REPUBLISHED_IN: RetractionState.RETRACTED,
    CitationLinkKind.EXPRESSION_OF_CONCERN_IN: RetractionState.EXPRESSION_OF_CONCERN,
    CitationLinkKind.CORRECTED_AND_REPUBLISHED_IN: RetractionState.CORRECTED,
    CitationLinkKind.ERRATUM_IN: RetractionState.CORRECTED,
}
_OF_THE_OTHER = {
    CitationLinkKind.RETRACTION_OF: RetractionState.RETRACTED,
    CitationLinkKind.RETRACTED_AND_REPUBLISHED_FROM: RetractionState.RETRACTED,
    CitationLinkKind.EXPRESSION_OF_CONCERN_FOR: RetractionState.EXPRESSION_OF_CONCERN,
    CitationLinkKind.CORRECTED_AND_REPUBLISHED_FROM: RetractionState.CORRECTED,
    CitationLinkKind.ERRATUM_FOR: RetractionState.CORRECTED,
}


def notices_of(citation: Citation) -> Iterator[Notice]:
    """Yield what a citation says of itself, its retraction included, and of others. A link itself has no date."""
    now = citation.retraction
    if now.state is not RetractionState.NONE_FOUND:
        yield Notice(
            now.state, citation.id, citation.pmid, citation.doi, now.date,
            now.notice_pmid, now.notice_doi, now.reason, now.source_url,
        )  # fmt: skip
    printed = citation.published or (str(citation.year) if citation.year else None)
    for link in citation.links:
        if state := _OF_THIS.get(link.kind):
            yield Notice(
                state, citation.id, citation.pmid, citation.doi,
                notice_pmid=link.pmid, notice_doi=link.doi, reason=link.note,
            )  # fmt: skip
        elif state := _OF_THE_OTHER.get(link.kind):
            yield Notice(
                state, citation.id, link.pmid, link.doi, printed, notice_pmid=citation.pmid, notice_doi=citation.doi
            )


async def link_notices(store: Store) -> AsyncGenerator[Notice]:
    """Yield the notices that the links of the graph's own citations make, drafts included."""
    ids = sorted([row["id"] async for row in store.stream("citations_with_links")])
    for some in portions(ids, AT_ONCE):
        rows = await store.read("links_of_citations", ids=some)
        for row in sorted(rows, key=itemgetter("id")):
            citation = Citation.from_properties({name: value for name, value in row.items() if value is not None})
            for notice in notices_of(citation):
                yield notice


async def known_pmids(store: Store) -> list[str]:
    """Return the PMIDs of the graph's citations, each once, in order."""
    return sorted({row["pmid"] async for row in store.stream("citation_pmids")})
