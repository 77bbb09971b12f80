"""Asking PubMed, Crossref and Europe PMC about citations: what ``kb verify`` hands to the check of citations.

First by the identifiers that are printed. Where there are none, or they lead nowhere in any source, by the title: in
Crossref with author, journal and year, in Europe PMC as a phrase.
"""

import asyncio
import io
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import BinaryIO

from kb.matching.likeness import OWN_LETTERS
from kb.matching.titles import SUBTITLE, read_title
from kb.verification import Asking, Reply
from loaders import crossref, europe_pmc, pubmed
from loaders.fetch.client import Access, Web, open_web
from loaders.fetch.crossref import fetch_work, search_works
from loaders.fetch.errors import FetchError, NotThere
from loaders.fetch.europe_pmc import by_doi, by_pmcid, by_pmid, by_title, search
from loaders.fetch.pubmed import fetch_pubmed, pmid_of_doi, pmids_of_pmcids
from schema.citation import Citation
from schema.parsed import Parsed, Problem
from schema.terms import BibliographicSource, CitationType

Parse = Callable[[BinaryIO, str], Iterator[Parsed | Problem]]

#: Citations asked about at the same time; the client keeps to the rate of each source.
AT_ONCE = 8
#: Results of a search that are looked at.
RESULTS = 5


@asynccontextmanager
async def open_asking(access: Access) -> AsyncGenerator[Asking]:
    """Open the network, and yield how it is asked about citations."""
    async with open_web(access) as web:
        yield _Asking(web).ask


class _Asking:
    """One run."""

    def __init__(self, web: Web) -> None:
        self.web = web
        self._gate = asyncio.Semaphore(AT_ONCE)

    async def ask(self, citations: Sequence[Citation]) -> AsyncIterator[tuple[Citation, Sequence[Reply]]]:
        """Yield the replies about each citation. A registry's entry is in none of the sources: nothing is asked."""
        printed = [one for one in citations if one.type is not CitationType.REGISTRATION]
        of_pubmed = await self._of_pubmed(printed)

        async def about(citation: Citation) -> Sequence[Reply]:
            async with self._gate:
                return await self._about(citation, of_pubmed.get(citation.id))

        replies = await asyncio.gather(*(about(one) for one in printed))
        for citation, found in zip(printed, replies, strict=True):
            yield citation, found
        for citation in citations:
            if citation.type is CitationType.REGISTRATION:
                yield citation, ()

    async def _about(self, citation: Citation, of_pubmed: Reply | None) -> Sequence[Reply]:
        asked: list[Awaitable[Reply]] = []
        if citation.doi:
            asked.append(self._crossref(citation, citation.doi))
        if (query := _query(citation)) is not None:
            asked.append(self._europe_pmc(*query))
        replies = [*([of_pubmed] if of_pubmed else []), *await asyncio.gather(*asked)]
        if any(one.results or one.failure for one in replies) or not citation.title:
            return replies
        earlier = {one.source: one for one in replies}
        searched = await asyncio.gather(*self._searches(citation, citation.title, earlier))
        return [*(earlier | {one.source: one for one in searched}).values()]

    async def _asked(
        self,
        source: BibliographicSource,
        looked_for: str,
        fetch: Callable[[], Awaitable[bytes]],
        parse: Parse,
        *,
        searched: bool = False,
    ) -> Reply:
        content = await _tried(fetch)
        if isinstance(content, str):
            return Reply(source, looked_for, failure=content)
        read = list(parse(io.BytesIO(content), looked_for)) if content else []
        results = tuple(one.record for one in read if isinstance(one, Parsed) and isinstance(one.record, Citation))
        problem = next((one for one in read if isinstance(one, Problem)), None)
        if not results and problem is not None and not searched:
            return Reply(source, looked_for, failure=problem.message)
        return Reply(source, looked_for, results, searched)

    async def _crossref(self, citation: Citation, doi: str) -> Reply:
        source, parse = BibliographicSource.CROSSREF, crossref.parse
        reply = await self._asked(source, f"DOI {doi}", lambda: fetch_work(self.web, doi), parse)
        # A work that was given a second DOI is filed under its first one.
        results = tuple(one.model_copy(update={"doi": citation.doi}) for one in reply.results)
        return Reply(source, reply.looked_for, results, failure=reply.failure)

    async def _europe_pmc(self, looked_for: str, query: str) -> Reply:
        source = BibliographicSource.EUROPE_PMC
        return await self._asked(source, looked_for, lambda: self._search(query, 1), europe_pmc.parse)

    def _searches(
        self, citation: Citation, title: str, earlier: dict[BibliographicSource, Reply]
    ) -> Iterator[Awaitable[Reply]]:
        """Searches by title; what was looked for in vain before is told with it."""

        def told(source: BibliographicSource) -> str:
            return f"{earlier[source].looked_for} and the title" if source in earlier else "the title"

        author = citation.authors[0].name if citation.authors else ""
        parts = (author, title, citation.journal or citation.journal_abbreviation, citation.year)
        printed = " ".join(str(part) for part in parts if part)
        source = BibliographicSource.CROSSREF
        fetch = lambda: search_works(self.web, printed, RESULTS)  # noqa: E731
        yield self._asked(source, told(source), fetch, crossref.parse, searched=True)
        # Without the subtitle, which may be what is wrong.
        main = SUBTITLE.split(title.strip(" .[]"), maxsplit=1)[0]
        phrase = main if len(read_title(main).letters) >= OWN_LETTERS else title
        source = BibliographicSource.EUROPE_PMC
        yield self._asked(
            source, told(source), lambda: self._search(by_title(phrase), RESULTS), europe_pmc.parse, searched=True
        )

    async def _search(self, query: str, limit: int) -> bytes:
        """Return the first reply to a query of Europe PMC; empty where it has no record."""
        async for content in search(self.web, query, limit):
            return content
        return b""

    async def _of_pubmed(self, citations: Sequence[Citation]) -> dict[str, Reply]:
        """Return PubMed's reply, by citation, about those that have an identifier; records come 200 at a time."""
        source = BibliographicSource.PUBMED
        looked_for = {one.id: named for one in citations if (named := _identifier(one))}
        pmids, replies = await self._pmids(citations)
        records: dict[str, Citation] = {}
        missing: set[str] = set()
        failed: dict[str, str] = {}
        async for batch in fetch_pubmed(self.web, pmids.values()):
            if batch.error is not None:
                failed |= dict.fromkeys(batch.pmids, batch.error.message)
            else:
                records |= _by_pmid(batch.content)
                missing.update(batch.missing)
        for id_, pmid in pmids.items():
            if pmid in failed:
                replies[id_] = Reply(source, looked_for[id_], failure=failed[pmid])
            elif pmid in records:
                replies[id_] = Reply(source, looked_for[id_], (records[pmid],))
            elif pmid in missing:
                replies[id_] = Reply(source, looked_for[id_])
            else:
                replies[id_] = Reply(source, looked_for[id_], failure=f"PubMed's record {pmid} cannot be read.")
        return replies

    async def _pmids(self, citations: Sequence[Citation]) -> tuple[dict[str, str], dict[str, Reply]]:
        """Return the PMID of each citation, and the replies about those whose DOI or PMCID has none."""
        source = BibliographicSource.PUBMED
        pmids = {one.id: one.pmid for one in citations if one.pmid}
        replies: dict[str, Reply] = {}

        async def find(one: Citation) -> None:
            async def fetch() -> bytes:
                if one.doi:
                    return (await pmid_of_doi(self.web, one.doi) or "").encode()
                return (await pmids_of_pmcids(self.web, [one.pmcid or ""])).get(one.pmcid or "", "").encode()

            async with self._gate:
                found = await _tried(fetch)
            if isinstance(found, bytes) and found:
                pmids[one.id] = found.decode()
            else:
                failure = found if isinstance(found, str) else None
                replies[one.id] = Reply(source, _identifier(one), failure=failure)

        await asyncio.gather(*(find(one) for one in citations if not one.pmid and (one.doi or one.pmcid)))
        return pmids, replies


async def _tried(fetch: Callable[[], Awaitable[bytes]]) -> bytes | str:
    """Return an answer (an empty one where the source has nothing), or the reason why there is none."""
    try:
        return await fetch()
    except NotThere:
        return b""
    except FetchError as wrong:
        return wrong.message


def _identifier(citation: Citation) -> str:
    """What PubMed is asked for, in words; an empty text where there is no identifier."""
    for name in ("pmid", "doi", "pmcid"):
        if value := getattr(citation, name):
            return value if name == "pmcid" else f"{name.upper()} {value}"
    return ""


def _query(citation: Citation) -> tuple[str, str] | None:
    """What Europe PMC is asked for by identifier: in words, and as its query."""
    if citation.pmid:
        return f"PMID {citation.pmid}", by_pmid(citation.pmid)
    if citation.doi:
        return f"DOI {citation.doi}", by_doi(citation.doi)
    if citation.pmcid:
        return citation.pmcid, by_pmcid(citation.pmcid)
    return None


def _by_pmid(content: bytes) -> dict[str, Citation]:
    records = (one.record for one in pubmed.parse(io.BytesIO(content), "PubMed") if isinstance(one, Parsed))
    return {one.pmid: one for one in records if isinstance(one, Citation) and one.pmid}
