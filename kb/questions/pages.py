"""Pages: a page with its statements and references, and the citations that a printed reference may mean."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from kb.errors import NotFound
from kb.questions.paging import Page as Result
from kb.questions.paging import PageRequest, page_of
from kb.questions.questions import Questions
from kb.questions.records import edited_ids, read_all_records, read_parts, read_records
from kb.store import Store
from schema.citation import Citation
from schema.page import Page, Reference, Statement
from schema.record import Record
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
    statements = (await read_parts(store, "Statement", [id], release)).values()
    references = (await read_parts(store, "Reference", [id], release)).values()
    return PageRecords(
        page,
        tuple(sorted((one for one in statements if isinstance(one, Statement)), key=lambda one: one.position)),
        tuple(sorted((one for one in references if isinstance(one, Reference)), key=lambda one: one.position)),
    )


async def find_pages(
    questions: Questions,
    request: PageRequest,
    *,
    therapy: str | None = None,
    condition: str | None = None,
    as_of: int | None = None,
) -> Result[Page]:
    """Return the pages by title: all, or those with a statement about a therapy, a condition, or one about both.

    Any name of each will do, and narrower ones count. Raises NotFound for a name that finds nothing.
    """
    number = await questions.number(as_of)
    found = [one for one in (await read_all_records(questions.store, "Page", number)).values() if isinstance(one, Page)]
    if therapy is not None or condition is not None:
        wanted = {one.page for one in await _about(questions, therapy, condition, number)}
        found = [one for one in found if one.id in wanted]
    return page_of(found, lambda one: (one.title.casefold(), one.id), request)


async def _about(questions: Questions, therapy: str | None, condition: str | None, release: int) -> list[Statement]:
    """The statements about a therapy and a condition, each where it is given."""
    catalogue = await questions.catalogue(release)
    found: list[dict[str, Statement]] = []
    if therapy is not None:
        ids = catalogue.below("Therapy", therapy)
        found.append({one.id: one for one in await _statements(questions, "Therapy", ids, release)})
    if condition is not None:
        ids = catalogue.below("Condition", condition)
        found.append({one.id: one for one in await _statements(questions, "Condition", ids, release)})
    return [one for id_, one in found[0].items() if all(id_ in others for others in found)]


async def _statements(
    questions: Questions, label: Literal["Therapy", "Condition"], ids: Iterable[str], release: int
) -> list[Statement]:
    """The statements of all pages that claim something about one of these therapies, or conditions."""
    wanted = set(ids)
    rows = await questions.store.read("statements_about", {"Label": label}, ids=sorted(wanted))
    # One that was edited since may have been about something else in this release.
    ids = {row["id"] for row in rows}.union(await edited_ids(questions.store, "Statement", release))
    found = await questions.get_many("Statement", ids, as_of=release)
    statements = [one for one in found.values() if isinstance(one, Statement)]
    named = "therapies" if label == "Therapy" else "conditions"
    return [one for one in statements if wanted & set(getattr(one, named)) and not one.withdrawn]


async def parts_of_pages(
    questions: Questions, label: Literal["Statement", "Reference"], pages: Iterable[str], *, as_of: int | None = None
) -> dict[str, Record]:
    """Return the statements, or the references, of pages, by id."""
    number = await questions.number(as_of)
    return await questions.followed(await read_parts(questions.store, label, pages, number), number)


async def read_references(store: Store, release: int) -> list[Reference]:
    """Return every reference of every page, with what checking it found."""
    found = (await read_all_records(store, "Reference", release)).values()
    return [one for one in found if isinstance(one, Reference) and not one.withdrawn]


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
