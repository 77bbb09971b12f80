"""What a release answers of records that were edited since: a draft, or a later release, changes none of it."""

from kb.errors import NotFound
from kb.questions import PageRequest, Questions
from kb.questions.pages import find_pages
from kb.questions.studies import studies_naming
from kb.releases import publish
from kb.store import Store
from schema.page import Page, Statement
from tests.samples import SAMPLE, citation, load, study

PAGE = Page(id="knees", title="What helps knees")


def claim(therapy: str) -> Statement:
    return Statement.model_validate(
        {"id": "knees-s1", "page": "knees", "position": 1, "topic": "relief", "claim": "it helps",
         "strength": "ASSERTS", "therapies": (therapy,), "conditions": ("knee-osteoarthritis",)}
    )  # fmt: skip


async def test_a_page_and_a_study_stay_with_what_they_were_published_about(store: Store) -> None:
    first = (PAGE, claim("prp"), study(4, "tens", "knee-osteoarthritis", citations=(citation(1).id,)))
    second = (PAGE, claim("tens"), study(4, "prp", "knee-osteoarthritis", citations=(citation(1).id,)))

    async def told(release: int) -> tuple[list[str], list[str], list[str]]:
        questions, every = Questions(store), PageRequest(10)
        pages = [
            [one.id for one in (await find_pages(questions, every, therapy=therapy, as_of=release)).items]
            for therapy in ("prp", "tens")
        ]
        studies = await studies_naming(questions, "tens", "knee-osteoarthritis", release)
        return pages[0], pages[1], [one.study.id for one in studies]

    await load(store, [*SAMPLE, *first])
    await publish(store, who="tester")
    published = (["knees"], [], ["author4trial"])
    assert await told(1) == published
    await load(store, second, name="edit")
    assert await told(1) == published
    await publish(store, who="tester")
    assert (await told(1), await told(2)) == (published, ([], ["knees"], []))


async def test_a_paper_is_found_by_the_identifiers_that_a_release_held(store: Store) -> None:
    one = citation(1).model_copy(update={"pmcid": None})

    async def found(release: int, **identifier: str) -> str | None:
        try:
            return (await Questions(store).citation(**identifier, as_of=release)).id
        except NotFound:
            return None

    await load(store, [*SAMPLE, one])
    await publish(store, who="tester")
    assert await found(1, pmcid="PMC1") is None
    await load(store, [one.model_copy(update={"pmcid": "PMC1"})], name="edit")
    assert await found(1, pmcid="PMC1") is None, "a draft alone says so"
    await publish(store, who="tester")
    await load(store, [one.model_copy(update={"pmcid": "PMC2"})], name="correction")
    await publish(store, who="tester")
    told = [(await found(release, pmcid="PMC1"), await found(release, pmcid="PMC2")) for release in (1, 2, 3)]
    assert told == [(None, None), (one.id, None), (None, one.id)]
