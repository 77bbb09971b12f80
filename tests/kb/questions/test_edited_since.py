"""What a release answers of records that were edited since: a draft, or a later release, changes none of it."""

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
