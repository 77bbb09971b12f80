"""What if it were retracted? The same answer that publishing the retraction gives, and nothing written."""

import pytest

from kb.check import check_graph
from kb.errors import UsageError
from kb.questions import PageRequest, Questions
from kb.questions.summaries import read_evidence
from kb.releases import publish
from kb.retractions import find_impact
from kb.store import Store
from schema.citation import Citation, Retraction
from schema.page import Page, Reference, Statement
from schema.study import Study
from schema.terms import Certainty, Direction, RetractionState, Strength, StudyDesign
from tests.kb.cli.command import kb
from tests.samples import SAMPLE, citation, finding, load, study, trial, with_changed

PAGES = (
    Page(id="knees", title="What helps knees"),
    Statement(
        id="knees-prp",
        page="knees",
        position=1,
        claim="PRP works",
        strength=Strength.ASSERTS,
        therapies=("prp",),
        conditions=("knee-osteoarthritis",),
    ),
    Statement(
        id="knees-tens", page="knees", position=2, claim="TENS works", strength=Strength.ASSERTS, therapies=("tens",)
    ),
    Reference(id="knees-1", page="knees", position=1, printed="Author1, 2011", citation="pmid:900001"),
)
REVIEW: tuple[Citation | Study, ...] = (
    citation(9),
    study(
        9,
        "prp",
        "knee-osteoarthritis",
        design=StudyDesign.SYSTEMATIC_REVIEW,
        participants=None,
        includes=("author1trial",),
    ),
)


def supposed(number: int, state: RetractionState = RetractionState.RETRACTED) -> Citation:
    return citation(number, retraction=Retraction(state=state))


async def test_it_foretells_what_publishing_the_retraction_changes(store: Store) -> None:
    await load(store, [*SAMPLE, *REVIEW, *PAGES])
    await publish(store, who="tester")
    foretold = await find_impact(store, [supposed(1)], 1)
    assert [one.id for one in foretold.studies] == ["author1trial"]
    assert [one.study for one in foretold.findings] == ["author1trial"]
    assert [one.id for one in foretold.reviews] == ["author9trial"]
    assert {one.condition for one in foretold.changed} == {"knee-osteoarthritis", "osteoarthritis"}
    assert {one.therapy for one in foretold.changed} == {"prp", "regenerative-medicine"}
    (page,) = foretold.pages
    assert [one.id for one in page.references] == ["knees-1"]
    assert [one.id for one in page.statements] == ["knees-prp"]

    await load(store, with_changed(SAMPLE, supposed(1)), name="retraction")
    published = await publish(store, who="tester")
    assert published.release is not None
    told = {(one.therapy, one.condition): one.after for one in published.release.changes}
    assert {(one.therapy, one.condition): one.after and one.after.sentence for one in foretold.changed} == told
    assert await check_graph(store) == []


async def test_the_last_report_of_an_answer_leaves_an_answer_in_words(store: Store) -> None:
    await load(store, SAMPLE)
    await publish(store, who="tester")
    found = await find_impact(store, [supposed(3)], 1)
    after = {one.condition: one.after for one in found.changed}["hip-osteoarthritis"]
    assert after is not None
    assert (after.direction, after.certainty, after.study_count) == (Direction.UNCLEAR, Certainty.VERY_LOW, 0)
    assert "retracted" in after.sentence


@pytest.mark.parametrize("state", [RetractionState.CORRECTED, RetractionState.REINSTATED, RetractionState.NONE_FOUND])
async def test_a_correction_and_a_reinstatement_take_no_weight_away(store: Store, state: RetractionState) -> None:
    await load(store, SAMPLE)
    await publish(store, who="tester")
    assert (await find_impact(store, [supposed(1, state)], 1)).changed == []


async def test_what_is_retracted_regains_its_weight_when_it_is_reinstated(store: Store) -> None:
    await load(store, with_changed(SAMPLE, supposed(3)))
    await publish(store, who="tester")
    found = await find_impact(store, [supposed(3, RetractionState.REINSTATED)], 1)
    after = {one.condition: one.after for one in found.changed}["hip-osteoarthritis"]
    assert after is not None
    assert (after.study_count, after.retracted_studies) == (1, ())


@pytest.mark.parametrize("spelled", ["900001", "PMID: 900001", "https://doi.org/10.5555/INVENTED.1", "pmid:900001"])
async def test_the_command_takes_any_spelling_and_writes_nothing(
    store: Store, kb_env: dict[str, str], spelled: str
) -> None:
    await load(store, [*SAMPLE, *PAGES])
    await publish(store, who="tester")
    ran = kb(kb_env, "impact", spelled, "--json")
    assert ran.code == 0, ran.err
    assert (ran.json["citation"], ran.json["state"], ran.json["stateNow"]) == (
        "pmid:900001",
        "RETRACTED",
        "NONE_FOUND",
    )
    changed = {(one["therapy"], one["condition"]): one for one in ran.json["changed"]}
    answer = changed["prp", "knee-osteoarthritis"]
    assert answer["before"]["sentence"] != answer["after"]["sentence"]
    assert [page["id"] for page in ran.json["pages"]] == ["knees"]
    kept = await Questions(store).citation(pmid="900001")
    assert kept.retraction.state is RetractionState.NONE_FOUND
    assert len((await Questions(store).releases(PageRequest())).items) == 1


async def test_the_command_says_it_in_words(store: Store, kb_env: dict[str, str]) -> None:
    await load(store, [*SAMPLE, *PAGES])
    await publish(store, who="tester")
    ran = kb(kb_env, "impact", "pmid:900001", "--state", "expression_of_concern")
    assert ran.code == 0, ran.err
    assert "expression of concern" in ran.out
    assert "Nothing was written." in ran.out
    missing = kb(kb_env, "impact", "pmid:123")
    assert (missing.code, "No citation" in missing.err) == (1, True)


async def test_drafts_do_not_count_wherever_they_lead(store: Store) -> None:
    await load(store, [*SAMPLE, *REVIEW, *PAGES])
    await publish(store, who="tester")
    foretold = await find_impact(store, [supposed(1)], 1)
    known = finding(1, "prp", "knee-osteoarthritis")
    drafts = (
        finding(1, "tens", "hip-osteoarthritis", id=known.id, citation="pmid:900002"),
        study(1, "prp", "knee-osteoarthritis", citations=("pmid:900002",)),
        study(9, "prp", "knee-osteoarthritis", design=StudyDesign.SYSTEMATIC_REVIEW, participants=None),
        *trial(4, "prp", "knee-osteoarthritis", estimate=9.0),
    )
    report = await load(store, drafts, name="drafts")
    assert report.problems == []
    assert await find_impact(store, [supposed(1)], 1) == foretold


async def test_answers_by_earlier_rules_are_compared_with_answers_by_the_present_ones(store: Store) -> None:
    await load(store, SAMPLE)
    await publish(store, who="tester", rules="old")
    found = await read_evidence(Questions(store), PageRequest(), therapy="tens", condition="hip-osteoarthritis")
    (kept,) = found.items
    worded = kept.model_copy(update={"sentence": "As earlier rules put it."})
    await store.write("write_summaries", rows=[{"id": kept.id, "properties": worded.properties()}])
    assert (await find_impact(store, [supposed(3, RetractionState.CORRECTED)], 1)).changed == []
    before = {one.condition: one.before for one in (await find_impact(store, [supposed(3)], 1)).changed}
    assert before["hip-osteoarthritis"].sentence == kept.sentence


async def test_what_reaches_too_much_is_refused_before_it_is_worked_out(store: Store) -> None:
    await load(store, SAMPLE)
    await publish(store, who="tester")
    # Two results in each of prp and its group, for knees and for all joints.
    assert (await find_impact(store, [supposed(1)], 1, at_most=8)).changed
    with pytest.raises(UsageError, match="rest on 8 results, more than 7"):
        await find_impact(store, [supposed(1)], 1, at_most=7)
