"""Pages: a page with its statements and references, and the citations that a printed reference may mean."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kb.errors import NotFound
from kb.questions.records import read_all_records, read_records
from kb.store import Store
from schema.citation import Citation
from schema.page import Page, Reference, Statement
from schema.study import Study


@dataclass(frozen=True, slots=True)
class PageRecords:
    """A page as a release holds it, its statements and references in order."""

    page: Page
    statements: tuple[Statement, ...]
    references: tuple[Reference, ...]


async def read_page_records(store: Store, id: str, release: int) -> PageRecords:
    """Return a page; raises NotFound with the pages that there are."""
    page = (await read_records(store, "Page", [id], release)).get(id)
    if not isinstance(page, Page):
        raise NotFound(id, sorted(await read_all_records(store, "Page", release)), "No page")
    statements = (await read_all_records(store, "Statement", release)).values()
    references = await read_references(store, release)
    own = [one for one in statements if isinstance(one, Statement) and one.page == id]
    return PageRecords(
        page,
        tuple(sorted(own, key=lambda one: one.position)),
        tuple(sorted((one for one in references if one.page == id), key=lambda one: one.position)),
    )


async def read_references(store: Store, release: int) -> list[Reference]:
    """Return every reference of every page, with what checking it found."""
    found = (await read_all_records(store, "Reference", release)).values()
    return [one for one in found if isinstance(one, Reference)]


async def citations_like(store: Store, keys: Mapping[str, Iterable[str]], release: int) -> list[Citation]:
    """Return the citations with one of these match keys (property → values), by id."""
    ids: set[str] = set()
    for name, values in keys.items():
        rows = await store.read("citations_like", {"property": name}, values=sorted(values))
        ids |= {row["id"] for row in rows}
    found = await read_records(store, "Citation", ids, release)
    return [one for _, one in sorted(found.items()) if isinstance(one, Citation)]


async def studies_reported_in(store: Store, citation: str, release: int) -> list[Study]:
    """Return the studies that a citation reports, by id."""
    rows = await store.read("studies_reported_in", id=citation)
    found = await read_records(store, "Study", [row["id"] for row in rows], release)
    return [one for _, one in sorted(found.items()) if isinstance(one, Study) and citation in one.citations]
