"""A condition or therapy that is merged into another one: before and after, at every release, and taken back."""

import pytest

from kb.ingest import Action
from kb.questions import PageRequest, Questions
from kb.questions.changes import read_changes
from kb.questions.feed import read_feed
from kb.questions.pages import find_pages, parts_of_pages
from kb.questions.summaries import every_answer, read_evidence
from kb.releases import publish
from kb.retractions.impact import suppose
from kb.store import Store
from schema.judgement import Judgement, judgement_id
from schema.page import Page, Statement
from schema.record import Record
from schema.release import Change
from schema.summary import Summary
from schema.terms import ChangeReason, RetractionState, Strength
from tests.samples import KNEE, OSTEOARTHRITIS, PRP, REGENERATIVE, SAMPLE, TENS, load, study, trial, with_changed

#: The same thing under another name, with a trial of its own, a narrower condition and one of that.
GONARTHROSIS = KNEE.model_copy(
    update={"id": "gonarthrosis", "name": "Gonarthrosis", "synonyms": ("gonitis",), "broader": ()}
)
MEDIAL = KNEE.model_copy(
    update={"id": "medial-gonarthrosis", "name": "Medial gonarthrosis", "synonyms": (), "broader": ("gonarthrosis",)}
)
TWO_NAMES: tuple[Record, ...] = (
    *SAMPLE,
    GONARTHROSIS,
    MEDIAL,
    *trial(4, "prp", "gonarthrosis"),
    *trial(5, "tens", "medial-gonarthrosis"),
)
MERGED = GONARTHROSIS.model_copy(update={"replaced_by": "knee-osteoarthritis"})


async def answers(store: Store, as_of: int | None = None) -> dict[tuple[str, str], Summary]:
    """Every answer of a release."""
    questions = Questions(store)
    number = await questions.number(as_of)
    return {(one.therapy, one.condition): one async for one in every_answer(questions, number)}


async def changes(store: Store) -> dict[tuple[str, str], Change]:
    """What the newest release says that it changed."""
    release = await Questions(store).release()
    assert release is not None
    return {(one.therapy, one.condition): one for one in release.changes}


async def merge(store: Store) -> None:
    """Publish the two names apart, then merged."""
    await load(store, TWO_NAMES)
    await publish(store, who="tester")
    report = await load(store, [MERGED], name="merge")
    assert (report.counts[Action.UPDATED], report.problems) == (1, [])
    await publish(store, who="tester")


async def test_the_answers_of_two_names_become_one(store: Store) -> None:
    await merge(store)
    before, after = await answers(store, as_of=1), await answers(store)
    assert before["prp", "gonarthrosis"].study_count == 1
    assert before["prp", "knee-osteoarthritis"].study_count == 2
    united = after["prp", "knee-osteoarthritis"]
    assert united.studies == ("author1trial", "author2trial", "author4trial")
    assert (united.names_condition, united.indirect, united.conditions_included) == (True, False, ())
    assert "gonarthrosis" not in {condition for _, condition in after}
    # What was narrower than the one that was merged is narrower than the other now, and so is it of what is above.
    assert after["tens", "knee-osteoarthritis"].conditions_included == ("medial-gonarthrosis",)
    assert after["prp", "osteoarthritis"].study_count == 3
    assert after["prp", "osteoarthritis"].conditions_included == ("knee-osteoarthritis",)


async def test_publishing_after_a_merge_is_publishing_anew(store: Store) -> None:
    await merge(store)
    merged = await answers(store)
    while (await store.write("wipe"))[0]["removed"]:
        pass
    await load(store, with_changed(TWO_NAMES, MERGED))
    await publish(store, who="tester")
    fresh = await answers(store)
    release = {"first", "until", "id"}
    assert {pair: one.model_dump(exclude=release) for pair, one in fresh.items()} == {
        pair: one.model_dump(exclude=release) for pair, one in merged.items()
    }


async def test_the_release_says_what_was_merged(store: Store) -> None:
    await merge(store)
    found = await changes(store)
    what = "the condition Gonarthrosis was merged into Knee osteoarthritis"
    ended, united = found["prp", "gonarthrosis"], found["prp", "knee-osteoarthritis"]
    assert (ended.after, ended.why, united.why) == (None, what, what)
    assert found["tens", "gonarthrosis"].why == found["tens", "knee-osteoarthritis"].why == what
    assert found["prp", "osteoarthritis"].why == "findings were added, changed or removed"
    assert ("tens", "medial-gonarthrosis") not in found


async def test_what_named_the_merged_one_is_not_told_as_edited(store: Store) -> None:
    """Nobody touched its trials, and an answer has the same reasons whatever others are told with it."""
    await load(store, SAMPLE)
    await publish(store, who="tester")
    await load(store, [KNEE.model_copy(update={"replaced_by": "osteoarthritis"})], name="merge")
    await publish(store, who="tester")
    page = await read_changes(Questions(store), PageRequest(), since=1, therapy="prp")
    told = {one.condition: one.reasons for one in page.items}
    pairs = frozenset({("prp", "osteoarthritis")})
    (alone,) = (await read_changes(Questions(store), PageRequest(), since=1, pairs=pairs)).items
    assert told["osteoarthritis"] == alone.reasons
    assert {one.kind for one in alone.reasons} == {ChangeReason.VOCABULARY_CHANGED}


async def test_an_earlier_release_keeps_both(store: Store) -> None:
    await load(store, TWO_NAMES)
    await publish(store, who="tester")
    before = await answers(store)
    await load(store, [MERGED], name="merge")
    await publish(store, who="tester")
    then = await answers(store, as_of=1)
    assert {pair: one.sentence for pair, one in then.items()} == {pair: one.sentence for pair, one in before.items()}
    questions = Questions(store)
    assert (await questions.condition(name="gonarthrosis", as_of=1)).id == "gonarthrosis"
    assert (await questions.study("author4trial", as_of=1)).conditions == ("gonarthrosis",)
    page = await read_evidence(questions, PageRequest(), condition="gonitis", as_of=1)
    assert [(one.therapy, one.condition) for one in page.items if one.therapy == "prp"] == [("prp", "gonarthrosis")]


async def test_every_name_of_the_one_leads_to_the_other(store: Store) -> None:
    await merge(store)
    questions = Questions(store)
    for name in ("gonarthrosis", "Gonarthrosis", "gonitis"):
        assert (await questions.condition(name=name)).id == "knee-osteoarthritis"
        page = await read_evidence(questions, PageRequest(), condition=name, therapy="prp")
        assert [one.study_count for one in page.items] == [3]
    assert (await questions.study("author4trial")).conditions == ("knee-osteoarthritis",)
    listed = await questions.conditions(PageRequest(first=100))
    assert "gonarthrosis" not in {one.id for one in listed.items}
    assert [one.id for one in (await questions.conditions(PageRequest(), search="gonit")).items] == [
        "knee-osteoarthritis"
    ]
    assert [one.id for one in await questions.narrower("Condition", "knee-osteoarthritis")] == ["medial-gonarthrosis"]
    assert (await questions.condition(id="medial-gonarthrosis")).broader == ("knee-osteoarthritis",)
    catalogue = await questions.catalogue()
    assert catalogue.replaced("Condition", "gonitis") == "Gonarthrosis was merged into Knee osteoarthritis."
    assert catalogue.replaced("Condition", "knee arthritis") is None


async def test_taking_a_merge_back_brings_the_old_answers_back(store: Store) -> None:
    await merge(store)
    await load(store, [GONARTHROSIS], name="merge")
    await publish(store, who="tester")
    before, after = await answers(store, as_of=1), await answers(store)
    assert before.keys() == after.keys()
    assert {pair: one.sentence for pair, one in after.items()} == {pair: one.sentence for pair, one in before.items()}
    found = await changes(store)
    what = "the condition Gonarthrosis is no longer merged into Knee osteoarthritis"
    assert found["prp", "gonarthrosis"].why == found["prp", "knee-osteoarthritis"].why == what


async def test_a_chain_is_followed_to_its_end(store: Store) -> None:
    await merge(store)
    await load(store, [KNEE.model_copy(update={"replaced_by": "hip-osteoarthritis"})], name="chain")
    await publish(store, who="tester")
    after = await answers(store)
    assert {condition for therapy, condition in after if therapy == "prp"} == {"hip-osteoarthritis", "osteoarthritis"}
    assert after["prp", "hip-osteoarthritis"].study_count == 3
    assert (await Questions(store).condition(name="gonitis")).id == "hip-osteoarthritis"
    why = "the condition Knee osteoarthritis was merged into Hip osteoarthritis"
    found = await changes(store)
    assert found["prp", "hip-osteoarthritis"].why == found["prp", "knee-osteoarthritis"].why == why


async def test_therapies_are_merged_in_the_same_way(store: Store) -> None:
    platelets = PRP.model_copy(update={"id": "platelets", "name": "Platelets", "abbreviations": (), "synonyms": ()})
    await load(store, (*SAMPLE, platelets, *trial(4, "platelets", "knee-osteoarthritis")))
    await publish(store, who="tester")
    await load(store, [platelets.model_copy(update={"replaced_by": "prp"})], name="merge")
    await publish(store, who="tester")
    after = await answers(store)
    assert after["prp", "knee-osteoarthritis"].study_count == 3
    assert after["prp", "knee-osteoarthritis"].names_therapy
    assert ("platelets", "knee-osteoarthritis") not in after
    why = "the therapy Platelets was merged into Platelet-rich plasma"
    assert (await changes(store))["platelets", "knee-osteoarthritis"].why == why
    assert (await Questions(store).therapy(id="platelets")).id == "prp"


async def test_what_is_left_beside_a_merged_one_is_derived_too(store: Store) -> None:
    """Where one of two branches goes elsewhere, the other is the only one: a reason less to doubt."""
    beside = KNEE.model_copy(update={"id": "hand-osteoarthritis", "name": "Hand osteoarthritis", "synonyms": ()})
    there = OSTEOARTHRITIS.model_copy(update={"id": "arthritis", "name": "Arthritis", "abbreviations": ()})
    few = [one for one in SAMPLE if not one.id.startswith(("hip-osteoarthritis", "author3", "pmid:900003"))]
    records = (*few, beside, there)
    await load(store, records)
    await publish(store, who="tester")
    before = (await answers(store))["prp", "osteoarthritis"]
    await load(store, [beside.model_copy(update={"replaced_by": "arthritis"})], name="merge")
    await publish(store, who="tester")
    found = (await answers(store))["prp", "osteoarthritis"]
    while (await store.write("wipe"))[0]["removed"]:
        pass
    await load(store, with_changed(records, beside.model_copy(update={"replaced_by": "arthritis"})))
    await publish(store, who="tester")
    fresh = (await answers(store))["prp", "osteoarthritis"]
    assert found.lines[0].steps == fresh.lines[0].steps != before.lines[0].steps


async def test_a_judgement_stays_with_what_was_judged(store: Store) -> None:
    await load(store, TWO_NAMES)
    line = (await publish(store, who="tester")) and (await answers(store))["prp", "gonarthrosis"].lines[0]
    assert line
    judged = Judgement(
        id="",
        therapy="prp",
        condition="gonarthrosis",
        domain=line.domain,
        comparator=line.comparator,
        window=line.window,
        why="I know this trial.",
        who="A. Reviewer",
        when="2026-11-01",
    )
    judged = judged.model_copy(update={"id": judgement_id(judged)})
    await load(store, [judged], name="judgement")
    await publish(store, who="tester")
    assert (await answers(store))["prp", "gonarthrosis"].lines[0].judgements
    await load(store, [MERGED], name="merge")
    await publish(store, who="tester")
    assert not (await answers(store))["prp", "knee-osteoarthritis"].lines[0].judgements
    assert (await changes(store))["prp", "gonarthrosis"].why == (
        "the condition Gonarthrosis was merged into Knee osteoarthritis; what reviewers judged of this answer is kept, "
        "and does not apply to the other one"
    )
    report = await load(store, [judged], name="judgement")
    (told,) = report.problems
    assert not told.rejected
    assert told.message.endswith("as long as that stands; judge the answer for 'knee-osteoarthritis' anew")
    await load(store, [GONARTHROSIS], name="merge")
    await publish(store, who="tester")
    assert (await answers(store))["prp", "gonarthrosis"].lines[0].judgements


async def test_changes_feeds_and_impact_follow(store: Store) -> None:
    await merge(store)
    questions = Questions(store)
    page = await read_changes(questions, PageRequest(), since=1, condition="gonarthrosis", therapy="prp")
    told = {one.condition: [why.what for why in one.reasons] for one in page.items}
    what = "the condition Gonarthrosis was merged into Knee osteoarthritis"
    assert told["gonarthrosis"][0] == told["knee-osteoarthritis"][0] == what
    above = await read_changes(questions, PageRequest(), since=1, condition="osteoarthritis", therapy="prp")
    assert [why.what for one in above.items if one.condition == "osteoarthritis" for why in one.reasons][:1] == [
        "Author4 2014 (author4trial)"
    ]
    feed = await read_feed(questions, condition="gonitis")
    assert feed.about is not None
    assert feed.about.id == "knee-osteoarthritis"
    ended = next(one for one in feed.entries[0].told if one.condition == "Gonarthrosis")
    assert (ended.after, ended.merged) == (None, ["Gonarthrosis was merged into Knee osteoarthritis."])
    supposed = await suppose(questions, await questions.citation(pmid="900004"), RetractionState.RETRACTED)
    assert {(one.therapy, one.condition) for one in supposed.changed} >= {("prp", "knee-osteoarthritis")}


async def test_statements_of_pages_follow(store: Store) -> None:
    leaflet = Page(id="leaflet", title="A leaflet", url="https://example.org/leaflet")
    claim = Statement(
        id="leaflet-1",
        page="leaflet",
        position=1,
        claim="PRP cures gonarthrosis.",
        strength=Strength.ASSERTS,
        therapies=("prp",),
        conditions=("gonarthrosis",),
    )
    await load(store, (*TWO_NAMES, leaflet, claim))
    await publish(store, who="tester")
    await load(store, [MERGED], name="merge")
    await publish(store, who="tester")
    questions = Questions(store)
    for name in ("gonarthrosis", "knee arthritis", "OA"):
        assert [one.id for one in (await find_pages(questions, PageRequest(), condition=name)).items] == ["leaflet"]
    (held,) = (await parts_of_pages(questions, "Statement", ["leaflet"])).values()
    assert isinstance(held, Statement)
    assert held.conditions == ("knee-osteoarthritis",)


@pytest.mark.parametrize("number", [4, 6])
async def test_a_record_that_names_the_merged_one_is_told_and_counts_for_the_other(store: Store, number: int) -> None:
    await merge(store)
    report = await load(store, trial(number, "prp", "gonarthrosis"), name="late")
    assert [(one.where, one.rejected) for one in report.problems] == [("late:2", False), ("late:3", False)]
    assert report.problems[0].message == (
        f"Study author{number}trial: conditions names the Condition 'gonarthrosis', which was merged into "
        "'knee-osteoarthritis': it counts as about that one; name 'knee-osteoarthritis' instead"
    )
    await publish(store, who="tester")
    assert f"author{number}trial" in (await answers(store))["prp", "knee-osteoarthritis"].studies


async def test_an_entry_is_not_replaced_by_itself_or_in_a_ring(store: Store) -> None:
    one, other = (KNEE.model_copy(update={"id": id, "name": id, "synonyms": ()}) for id in ("gon-1", "gon-2"))
    await load(store, (*TWO_NAMES, one, other))
    itself = KNEE.model_copy(update={"replaced_by": "knee-osteoarthritis"})
    ring = [
        other.model_copy(update={"replaced_by": "gonarthrosis"}),
        GONARTHROSIS.model_copy(update={"replaced_by": "gon-1"}),
        one.model_copy(update={"replaced_by": "gon-2"}),
    ]
    report = await load(store, [itself], name="itself")
    (told,) = report.problems
    assert (told.where, told.rejected) == ("itself:1", True)
    assert told.message == (
        "Condition knee-osteoarthritis: is replaced by itself: knee-osteoarthritis → knee-osteoarthritis; "
        "remove one 'replaced_by' of these"
    )
    report = await load(store, ring, name="ring")
    assert [(one.where, one.rejected) for one in report.problems] == [(f"ring:{n}", True) for n in (3, 1, 2)]
    # The ring may also be closed by a later load.
    assert (await load(store, ring[:2], name="open")).problems == []
    (told,) = (await load(store, ring[2:], name="closed")).problems
    assert told.rejected
    # And by what stays as it was, because its new version is rejected.
    bad = other.model_copy(update={"broader": ("nowhere",)})
    report = await load(store, [*ring[2:], bad], name="bad")
    assert [(one.where, one.rejected) for one in report.problems] == [("bad:2", True), ("bad:1", True)]
    await publish(store, who="tester")
    assert (await Questions(store).condition(name="gon-2")).id == "gon-1"


async def test_a_replacement_must_be_there(store: Store) -> None:
    await load(store, TWO_NAMES)
    (told,) = (await load(store, [GONARTHROSIS.model_copy(update={"replaced_by": "nowhere"})], name="lost")).problems
    assert told.rejected
    assert "replaced_by names the Condition 'nowhere', which is neither in the graph" in told.message


async def test_a_merge_does_not_bring_a_circle_into_the_hierarchy(store: Store) -> None:
    await load(store, TWO_NAMES)
    under = REGENERATIVE.model_copy(update={"replaced_by": "prp"})
    (told,) = (await load(store, [under], name="under")).problems
    assert told.rejected
    assert told.message == (
        "Therapy regenerative-medicine: its hierarchy is circular: prp → prp (regenerative-medicine was merged into "
        "prp); remove one 'broader' of these"
    )
    apart = PRP.model_copy(update={"broader": ()})
    assert (await load(store, [under, apart], name="apart")).problems == []


async def test_the_names_of_both_may_be_the_same(store: Store) -> None:
    await load(store, TWO_NAMES)
    taking = KNEE.model_copy(update={"synonyms": ("knee arthritis", "Gonarthrosis")})
    (told,) = (await load(store, [taking], name="taking")).problems
    assert told.rejected
    assert (await load(store, [taking, MERGED], name="both")).problems == []
    # Taken back, the name leads to two things again.
    (told,) = (await load(store, [GONARTHROSIS], name="both")).problems
    assert told.rejected
    assert "already leads to knee-osteoarthritis" in told.message
    other = TENS.model_copy(update={"synonyms": ("gonitis",)})
    assert (await load(store, [other], name="other")).problems == []


async def test_a_merge_of_what_no_study_names_changes_no_answer(store: Store) -> None:
    await load(store, (*SAMPLE, GONARTHROSIS))
    await publish(store, who="tester")
    await load(store, [MERGED], name="merge")
    published = await publish(store, who="tester")
    assert published.release is not None
    assert published.summaries_changed == 0
    assert (await Questions(store).condition(name="gonitis")).id == "knee-osteoarthritis"
    assert study(1, "prp", "x").id in (await answers(store))["prp", "knee-osteoarthritis"].studies
