"""The main question and what hangs on it, asked of the sample through the whole application."""

from typing import Any

import httpx2
import pytest

from api.app import create_app
from kb.questions import Questions
from kb.store import Store
from tests.api.conftest import ask, calling, data

MAIN = """
query TherapiesWithEvidence($condition: String!) {
  condition(name: $condition) {
    id name includes { id name }
    evidence(first: 20) {
      totalCount
      nodes {
        therapy { id name kind } direction certainty studyCount participantCount sentence indirect
        findings(first: 5) { nodes { direction effect { measure estimate ciLow ciHigh unit } timepoint
          study { id name design citations { pmid doi title year retracted } } } }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""


async def test_the_main_question_is_answered_down_to_the_citation(client: httpx2.AsyncClient) -> None:
    found = (await data(client, MAIN, condition="OA"))["condition"]
    assert found["name"] == "Osteoarthritis"
    assert [each["name"] for each in found["includes"]] == ["Hip osteoarthritis", "Knee osteoarthritis"]
    assert found["evidence"]["totalCount"] == 2
    prp = next(each for each in found["evidence"]["nodes"] if each["therapy"]["name"] == "Platelet-rich plasma")
    assert prp["therapy"]["kind"] == "BIOLOGIC"
    assert (prp["direction"], prp["studyCount"], prp["participantCount"], prp["indirect"]) == ("BENEFIT", 1, 100, True)
    counted, retracted = prp["findings"]["nodes"]
    assert counted["effect"] == {"measure": "MD", "estimate": -1.5, "ciLow": -2.5, "ciHigh": -0.5, "unit": "points"}
    assert counted["timepoint"] == "3 months"
    assert counted["study"]["design"] == "RCT"
    assert counted["study"]["citations"] == [
        {
            "pmid": "900001",
            "doi": "10.5555/invented.1",
            "title": "Invented trial number 1",
            "year": 2011,
            "retracted": False,
        }
    ]
    # A retracted report stays visible, comes last and carries no weight.
    assert retracted["study"]["citations"][0]["retracted"] is True
    assert found["evidence"]["pageInfo"]["hasNextPage"] is False


async def test_every_answer_names_the_release_it_read(client: httpx2.AsyncClient) -> None:
    for query in ('{ condition(id: "osteoarthritis") { name } }', "{ releases { totalCount } }"):
        assert (await ask(client, query))["extensions"]["release"] == 2
    past = '{ evidence(therapy: "prp", asOf: 1) { nodes { studyCount } } }'
    assert (await ask(client, past))["extensions"]["release"] == 1


async def test_an_earlier_release_shows_what_it_showed(client: httpx2.AsyncClient) -> None:
    query = """query Q($as: Int) { evidence(condition: "knee arthritis", therapy: "PRP", asOf: $as) {
        nodes { studyCount participantCount since until citations { key retracted } } } }"""
    then = (await data(client, query, **{"as": 1}))["evidence"]["nodes"][0]
    now = (await data(client, query))["evidence"]["nodes"][0]
    assert (then["studyCount"], then["participantCount"], then["since"], then["until"]) == (2, 300, 1, 2)
    assert (now["studyCount"], now["participantCount"], now["since"], now["until"]) == (1, 100, 2, None)
    # What became of a report since is part of the past only as it was known then.
    assert [each["retracted"] for each in then["citations"]] == [False, False]
    assert {each["key"]: each["retracted"] for each in now["citations"]} == {"pmid:900001": False, "pmid:900002": True}


async def test_one_request_reads_one_release(client: httpx2.AsyncClient) -> None:
    query = '{ now: evidence(therapy: "prp") { totalCount } then: evidence(therapy: "prp", asOf: 1) { totalCount } }'
    answer = await ask(client, query)
    assert answer["data"]["now"] is not None
    assert answer["data"]["then"] is None
    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    unknown = await ask(client, '{ evidence(therapy: "prp", asOf: 9) { totalCount } }')
    assert unknown["errors"][0]["extensions"]["code"] == "NOT_FOUND"


async def test_an_answer_can_be_followed_to_everything_it_rests_on(client: httpx2.AsyncClient) -> None:
    query = """{ evidence(condition: "osteoarthritis", therapy: "prp") { nodes {
        key certaintyBasis clinicallyReviewed harmsSentence
        certaintySteps { reason levels figure }
        lines { domain comparator window synthesis direction certainty sentence outcome { name }
                studies { slug } findings { key } }
        includes { therapies { slug } conditions { slug } }
        studies { slug } retractedStudies { slug retracted } turningStudies { slug }
        findings { totalCount nodes { window favours retracted locus comparatorClass
          arms { name role n } outcomes { name domain } comparators { name } conditions { slug }
          citation { key url retraction { state noticePmid } } } } } } }"""
    (found,) = (await data(client, query))["evidence"]["nodes"]
    assert (found["certaintyBasis"], found["clinicallyReviewed"]) == ("COMPUTED", False)
    assert found["certaintySteps"]
    assert found["lines"][0]["studies"] == [{"slug": "author1trial"}]
    assert found["includes"]["conditions"] == [{"slug": "knee-osteoarthritis"}]
    assert found["studies"] == [{"slug": "author1trial"}]
    assert found["retractedStudies"] == [{"slug": "author2trial", "retracted": True}]
    first, last = found["findings"]["nodes"]
    assert (first["window"], first["favours"], first["retracted"]) == ("TO_3_MONTHS", "INTERVENTION", False)
    assert first["comparators"] == [{"name": "Saline injection"}]
    assert first["citation"]["url"] == "https://doi.org/10.5555/invented.1"
    assert last["retracted"]
    assert last["citation"]["retraction"] == {"state": "RETRACTED", "noticePmid": "900099"}


async def test_absence_of_evidence_has_words(client: httpx2.AsyncClient) -> None:
    query = '{ condition(name: "hip osteoarthritis") { therapiesWithoutEvidence { slug } } }'
    found = (await data(client, query))["condition"]["therapiesWithoutEvidence"]
    assert {"slug": "prp"} in found
    assert {"slug": "tens"} not in found


@pytest.mark.parametrize(
    ("arguments", "therapies"),
    [
        ("", {"prp", "tens"}),
        ("direction: BENEFIT", {"prp"}),
        ("minCertainty: HIGH", set()),
        ('outcome: "pain intensity"', {"prp", "tens"}),
        ('outcome: "SLEEP"', set()),
        ("includeNarrower: false", set()),
        ('therapy: "TENS"', {"tens"}),
    ],
)
async def test_answers_are_filtered(client: httpx2.AsyncClient, arguments: str, therapies: set[str]) -> None:
    given = f"({arguments})" if arguments else ""
    query = f'{{ condition(name: "OA") {{ evidence{given} {{ nodes {{ therapy {{ slug }} }} }} }} }}'
    found = (await data(client, query))["condition"]["evidence"]["nodes"]
    assert {each["therapy"]["slug"] for each in found} == therapies


async def test_evidence_can_be_asked_from_the_therapy(client: httpx2.AsyncClient) -> None:
    query = """{ therapy(name: "regenerative medicine") { includes { slug }
        evidence(condition: "OA") { nodes { studyCount condition { slug } } } } }"""
    found = (await data(client, query))["therapy"]
    assert found["includes"] == [{"slug": "prp"}]
    assert found["evidence"]["nodes"] == [{"studyCount": 1, "condition": {"slug": "osteoarthritis"}}]


async def test_a_sentence_comes_in_the_language_asked_for(client: httpx2.AsyncClient) -> None:
    query = """{ evidence(therapy: "plasma rico en plaquetas", condition: "Gonartrosis") { nodes {
        therapy { name(language: ES) } condition { name labels { language name article synonyms } }
        sentence english: sentence(language: EN) spanish: sentence(language: ES) harms: harmsSentence(language: ES)
        lines { sentence(language: ES) synthesis certaintyComputed judgements { who } absolute { nnt }
          notPooled { study why } pooled { estimate ciLow ciHigh i2 leaveOneOut { study } } }
        reviewOverlap { correctedCoveredArea } harmDifferences { event difference } } } }"""
    (found,) = (await data(client, query))["evidence"]["nodes"]
    assert found["sentence"] == found["english"]
    assert found["therapy"] == {"name": "Plasma rico en plaquetas"}
    assert found["condition"]["name"] == "Knee osteoarthritis"
    label = {"language": "ES", "name": "Artrosis de rodilla", "article": "la", "synonyms": ["gonartrosis"]}
    assert found["condition"]["labels"] == [label]
    assert "el plasma rico en plaquetas" in found["spanish"].lower()
    assert "en personas con artrosis de rodilla" in found["spanish"]
    assert found["harms"].startswith("Lo que hemos leído")
    assert found["spanish"].startswith(found["lines"][0]["sentence"])
    assert (found["reviewOverlap"], found["harmDifferences"]) == (None, [])


class Counting:
    """A real store that counts its reads."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.reads: list[str] = []

    async def read(self, query: str, /, *args: Any, **params: Any) -> Any:
        self.reads.append(query)
        return await self.store.read(query, *args, **params)

    async def nodes(self, label: str, ids: Any) -> Any:
        self.reads.append("nodes_by_id")
        return await self.store.nodes(label, ids)

    async def write(self, query: str, /, *args: Any, **params: Any) -> Any:
        return await self.store.write(query, *args, **params)


async def test_the_number_of_reads_does_not_grow_with_the_answer(sample: Store) -> None:
    counting = Counting(sample)
    app = create_app(questions=Questions(counting))  # pyright: ignore[reportArgumentType]
    async with app.router.lifespan_context(app), calling(app) as client:
        # Another question, so that the vocabulary is read and neither answer is kept yet.
        await data(client, MAIN, condition="knee osteoarthritis")
        seen: list[int] = []
        for condition in ("hip osteoarthritis", "osteoarthritis"):
            counting.reads.clear()
            found = await data(client, MAIN, condition=condition)
            seen.append(len(counting.reads))
            assert len(found["condition"]["evidence"]["nodes"]) == len(seen)
            # Summaries, therapies, findings, studies, citations: one batch of each.
            assert counting.reads.count("summaries_for_condition") == 1
            assert counting.reads.count("nodes_by_id") == 4
    assert seen[0] == seen[1]
