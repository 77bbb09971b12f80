"""Publishing: what readers of a release see, before, after and in between."""

from typing import Any

import pytest

from kb.duplicates import merge_two, split
from kb.errors import InputProblem, NotFound
from kb.ingest import Action
from kb.questions import PageRequest, Questions
from kb.questions.changes import read_changes, record_counts
from kb.questions.records import current_release, read_all_records, read_records
from kb.questions.summaries import read_evidence
from kb.releases import Published, pending_records, publish, publish_retractions
from kb.releases.attempt import Attempt, begin
from kb.releases.rules import rules_version
from kb.releases.stamp import stamp_pending
from kb.store import Store
from schema.citation import Retraction
from schema.judgement import Judgement, judgement_id
from schema.names import Label
from schema.outcome import Outcome
from schema.records import LOADED
from schema.study import Harm
from schema.summary import Summary, worded
from schema.terms import (
    Better,
    CertaintyBasis,
    CertaintyReason,
    ChangeReason,
    Direction,
    Language,
    OutcomeDomain,
    RetractionState,
)
from tests.kb.again import write_twice
from tests.samples import HIP, KNEE, SAMPLE, citation, finding, load, study, trial, with_changed


async def answers(store: Store, condition: str, as_of: int | None = None) -> dict[str, Summary]:
    page = await read_evidence(Questions(store), PageRequest(first=100), condition=condition, as_of=as_of)
    return {one.therapy: one for one in page.items}


async def test_a_release_answers_with_narrower_conditions_included(store: Store) -> None:
    await load(store, SAMPLE)
    published = await publish(store, who="tester", message="first")
    assert published.release is not None
    assert published.release.number == 1
    found = await answers(store, "osteoarthritis")
    assert set(found) == {"prp", "tens"}
    assert found["prp"].direction is Direction.BENEFIT
    assert (found["prp"].study_count, found["prp"].participant_count) == (2, 300)
    assert found["prp"].indirect
    assert found["tens"].direction is Direction.NO_DIFFERENCE
    assert set(await answers(store, "hip-osteoarthritis")) == {"tens"}


async def test_a_place_in_the_vocabulary_reaches_what_stands_beside_it(store: Store) -> None:
    """Whether all studies come from one of several narrower conditions hangs on the others, studied or not."""

    async def narrow(release: int) -> bool:
        steps = (await answers(store, "osteoarthritis", release))["prp"].lines[0].steps
        return any(step.reason is CertaintyReason.INDIRECTNESS for step in steps)

    await load(store, SAMPLE)
    await publish(store, who="tester")
    await load(store, with_changed(SAMPLE, HIP.model_copy(update={"broader": ()})), name="elsewhere")
    await publish(store, who="tester")
    hand = HIP.model_copy(update={"id": "hand-osteoarthritis", "name": "Hand osteoarthritis", "synonyms": ()})
    await load(store, [hand], name="nobody studied it")
    await publish(store, who="tester")
    assert [await narrow(release) for release in (1, 2, 3)] == [True, False, True]


async def test_a_group_of_therapies_answers_when_asked_for(store: Store) -> None:
    await load(store, SAMPLE)
    await publish(store, who="tester")
    page = await read_evidence(Questions(store), PageRequest(), condition="OA", therapy="Regenerative Medicine")
    assert [one.study_count for one in page.items] == [2]


async def test_publishing_nothing_makes_no_release(store: Store) -> None:
    await load(store, SAMPLE)
    await publish(store, who="tester")
    again = await publish(store, who="tester")
    assert again.release is None
    assert await current_release(store) == 1


async def test_drafts_are_invisible_until_they_are_published(store: Store) -> None:
    await load(store, SAMPLE)
    await publish(store, who="tester")
    await load(store, with_changed(SAMPLE, finding(1, "prp", "knee-osteoarthritis", estimate=2.5)), name="edit")
    await load(store, trial(4, "tens", "knee-osteoarthritis"), name="new")
    assert sum((await pending_records(store)).values()) == 4
    questions = Questions(store)
    held = (await questions.get_many("Finding", [SAMPLE[-4].id, finding(1, "prp", "x").id]))[finding(1, "prp", "x").id]
    assert held == finding(1, "prp", "knee-osteoarthritis")
    assert set(await answers(store, "knee-osteoarthritis")) == {"prp"}
    with pytest.raises(NotFound):
        await questions.study("author4trial")


async def test_an_earlier_release_still_says_what_it_said(store: Store) -> None:
    await load(store, SAMPLE)
    await publish(store, who="tester")
    before = await answers(store, "osteoarthritis")
    changed = finding(1, "prp", "knee-osteoarthritis", estimate=2.5)
    renamed = HIP.model_copy(update={"name": "Osteoarthritis of the hip"})
    await load(store, with_changed(SAMPLE, changed, renamed), name="edit")
    published = await publish(store, who="tester")
    assert published.release is not None
    assert {(one.therapy, one.condition) for one in published.release.changes} >= {("prp", "osteoarthritis")}
    now, then = await answers(store, "osteoarthritis"), await answers(store, "osteoarthritis", as_of=1)
    assert {id_: one.sentence for id_, one in then.items()} == {id_: one.sentence for id_, one in before.items()}
    assert now["prp"].direction is not Direction.BENEFIT
    questions = Questions(store)
    assert (await questions.get_many("Finding", [changed.id], as_of=1))[changed.id] != changed
    assert (await questions.get_many("Finding", [changed.id]))[changed.id] == changed
    assert (await questions.condition(id="hip-osteoarthritis", as_of=1)).name == "Hip osteoarthritis"
    with pytest.raises(NotFound):
        await answers(store, "osteoarthritis", as_of=3)


async def test_only_touched_pairs_are_derived(store: Store) -> None:
    await load(store, SAMPLE)
    await publish(store, who="tester")
    await load(store, with_changed(SAMPLE, finding(3, "tens", "hip-osteoarthritis", estimate=-3.0)), name="edit")
    published = await publish(store, who="tester")
    assert published.summaries_derived == 2
    assert published.summaries_changed == 2


async def test_new_rules_of_evidence_derive_every_answer_anew(store: Store) -> None:
    await load(store, SAMPLE)
    first = await publish(store, who="tester", rules="old")
    assert (await publish(store, who="tester", rules="old")).release is None
    renewed = await publish(store, who="tester")
    assert renewed.release is not None
    assert (renewed.release.number, renewed.release.rules) == (2, rules_version())
    assert (renewed.records, renewed.summaries_derived) == (0, first.summaries_derived)
    assert renewed.summaries_changed == 0
    assert (await publish(store, who="tester")).release is None


async def test_a_new_name_of_a_harm_reaches_the_answers_that_tell_of_it(store: Store) -> None:
    harm = Harm(event="dizziness", outcome="dizziness", citation="pmid:900001", text="rare")
    called = Outcome(
        id="dizziness", name="Dizziness", domain=OutcomeDomain.SYMPTOMS_AND_ADVERSE_EVENTS, better=Better.LOWER
    )
    trial = study(1, "prp", "knee-osteoarthritis", harms=(harm,))
    await load(store, [*with_changed(SAMPLE, trial), called])
    await publish(store, who="tester")
    labels = (Label(language=Language.ES, name="Mareo", article="el"),)
    await load(store, [called.model_copy(update={"labels": labels})], name="Spanish")
    await publish(store, who="tester")

    async def told(release: int) -> str:
        said = worded((await answers(store, "knee-osteoarthritis", release))["prp"], Language.ES)
        assert said is not None
        assert said.harms_sentence is not None
        return said.harms_sentence

    page = await read_changes(
        Questions(store), PageRequest(first=10), since=1, until=2, therapy="prp", condition="knee-osteoarthritis"
    )
    assert {(one.kind, one.record) for change in page.items for one in change.reasons} == {
        (ChangeReason.VOCABULARY_CHANGED, "dizziness")
    }
    assert "«dizziness» («rare»)" in await told(1)
    assert "mareo («rare»)" in await told(2)


async def test_what_a_change_left_standing_is_what_deriving_everything_gives(store: Store) -> None:
    await load(store, SAMPLE)
    await publish(store, who="tester")
    edited = with_changed(SAMPLE, finding(1, "prp", "knee-osteoarthritis", estimate=2.5))
    gone = citation(2, retraction={"state": RetractionState.RETRACTED, "date": "2026", "notice_doi": "10.5555/notice"})
    for name, records in (("edit", edited), ("notice", [gone]), ("new", trial(4, "prp", "hip-osteoarthritis"))):
        await load(store, records, name=name)
        assert (await publish(store, who="tester")).summaries_changed
    everything = await publish(store, who="tester", rules="derived anew")
    assert everything.summaries_derived
    assert everything.summaries_changed == 0


async def test_a_pair_with_too_many_findings_is_refused_in_words_and_the_last_release_stands(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await load(store, SAMPLE)
    await publish(store, who="tester")
    await load(store, trial(4, "prp", "knee-osteoarthritis"), name="new")
    monkeypatch.setattr("kb.releases.derive.MOST", 2)
    with pytest.raises(InputProblem, match="osteoarthritis would rest on 3 findings, more than 2"):
        await publish(store, who="tester")
    assert (await answers(store, "osteoarthritis"))["prp"].study_count == 2
    monkeypatch.undo()
    assert (await publish(store, who="tester")).summaries_changed
    assert (await answers(store, "osteoarthritis"))["prp"].study_count == 3


async def test_a_retracted_trial_stops_counting_and_stays_visible(store: Store) -> None:
    await load(store, SAMPLE)
    await publish(store, who="tester")
    gone = citation(1, retraction={"state": RetractionState.RETRACTED, "date": "2026", "notice_doi": "10.5555/notice"})
    report = await load(store, [gone], name="notice")
    assert report.counts[Action.UPDATED] == 1
    published = await publish(store, who="tester")
    assert published.release is not None
    assert any("retracted" in one.why for one in published.release.changes)
    answer = (await answers(store, "osteoarthritis"))["prp"]
    assert (answer.study_count, answer.participant_count) == (1, 200)
    assert answer.retracted_studies == ("author1trial",)
    assert "pmid:900001" in answer.citations


async def test_a_study_that_comes_retracted_was_not_retracted_by_the_release(store: Store) -> None:
    await load(store, SAMPLE)
    await publish(store, who="tester")
    gone, *others = trial(4, "prp", "knee-osteoarthritis")
    gone = gone.model_copy(update={"retraction": Retraction(state=RetractionState.RETRACTED, date="2020")})
    await load(store, [gone, *others], name="new")
    published = await publish(store, who="tester")
    assert published.release is not None
    assert (await answers(store, "osteoarthritis"))["prp"].retracted_studies == ("author4trial",)
    assert {one.why for one in published.release.changes} == {"findings were added, changed or removed"}


async def test_a_judgement_changes_the_certainty_of_its_line_and_what_was_computed_stays(store: Store) -> None:
    await load(store, SAMPLE)
    await publish(store, who="tester")
    before = (await answers(store, "osteoarthritis"))["prp"]
    line = before.lines[0]
    judged = Judgement(
        id="draft",
        therapy="prp",
        condition="osteoarthritis",
        domain=line.domain,
        comparator=line.comparator,
        window=line.window,
        responders=line.responders,
        reason=CertaintyReason.RISK_OF_BIAS,
        levels=0,
        why="both trials were blind to the end",
        who="A. Reviewer",
        when="2026-05-01",
    )
    await load(store, [judged.model_copy(update={"id": judgement_id(judged)})], name="judgements")
    published = await publish(store, who="tester")
    assert published.release is not None
    assert [(one.condition, one.why) for one in published.release.changes] == [
        ("osteoarthritis", "a reviewer confirmed or changed a certainty")
    ]
    after = (await answers(store, "osteoarthritis"))["prp"]
    assert after.certainty_basis is CertaintyBasis.CONFIRMED
    assert after.lines[0].certainty_computed is before.certainty
    assert after.certainty is not before.certainty
    assert [one.who for one in after.lines[0].judgements] == ["A. Reviewer"]
    assert (await answers(store, "osteoarthritis", as_of=1))["prp"] == before.model_copy(update={"until": 2})


async def test_a_publish_that_was_cut_off_is_completed_by_the_next(store: Store) -> None:
    await load(store, SAMPLE)
    await publish(store, who="tester")
    await load(store, with_changed(SAMPLE, finding(1, "prp", "knee-osteoarthritis", estimate=2.5)), name="edit")
    # Cut off after the records were stamped: readers still see release 1 and its content.
    await stamp_pending(await begin(store))
    questions = Questions(store)
    changed = finding(1, "prp", "knee-osteoarthritis", estimate=2.5)
    assert (await questions.get_many("Finding", [changed.id]))[changed.id] != changed
    # An edit in between is kept apart from what was stamped.
    await load(store, with_changed(SAMPLE, finding(2, "prp", "knee-osteoarthritis", estimate=2.5)), name="second edit")
    published = await publish(store, who="tester")
    assert published.release is not None
    assert published.release.number == 2
    assert (await questions.get_many("Finding", [changed.id]))[changed.id] != changed
    assert (await answers(store, "osteoarthritis"))["prp"].direction is not Direction.NO_DIFFERENCE
    assert sum((await pending_records(store)).values()) == 0


@pytest.mark.parametrize("number", [1, 2])
async def test_a_release_that_was_cut_off_and_gone_on_with_is_as_if_nothing_had_happened(
    store: Store, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    first = with_changed(SAMPLE, finding(1, "prp", "knee-osteoarthritis", estimate=2.5), citation(1, title="Edited"))
    second = with_changed(
        first, finding(1, "prp", "knee-osteoarthritis", estimate=-1.0), KNEE.model_copy(update={"name": "Worn knees"})
    )

    async def made(*, cut_off: bool) -> tuple[str, list[Any]]:
        while (await store.write("wipe"))[0]["removed"]:
            pass
        if number == 2:
            await load(store, SAMPLE)
            await publish(store, who="tester")
        await load(store, [*first, *trial(5, "tens", "hip-osteoarthritis")], name="first edit")
        if cut_off:
            with monkeypatch.context() as patch:
                patch.setattr(Attempt, "finish", _killed)
                with pytest.raises(KeyboardInterrupt):
                    await publish(store, who="tester")
        await load(store, second, name="second edit")
        release = (await publish(store, who="tester")).release
        assert release is not None
        assert sum((await pending_records(store)).values()) == 0
        # What comes later leaves what the releases held as it was.
        await load(
            store,
            with_changed(second, citation(1, title="Later"), finding(2, "prp", "knee-osteoarthritis", estimate=9.0)),
            name="later",
        )
        await publish(store, who="tester")
        held = [await read_all_records(store, kind.label, each) for each in range(1, number + 2) for kind in LOADED] + [
            await answers(store, "osteoarthritis", each) for each in range(1, number + 2)
        ]
        return release.content_hash_of_release, held

    assert await made(cut_off=True) == await made(cut_off=False)


async def _killed(*_: object) -> None:
    raise KeyboardInterrupt


async def test_a_release_whose_acknowledgements_were_lost_is_as_if_nothing_had_happened(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A write that was kept is asked for again where the engine ended before it could say so."""
    gone = citation(1, retraction={"state": RetractionState.RETRACTED})
    edited = finding(2, "prp", "knee-osteoarthritis", estimate=2.5)
    edits = (SAMPLE, with_changed(SAMPLE, gone), with_changed(SAMPLE, gone, edited))

    async def made(*, lost: bool) -> list[Any]:
        while (await store.write("wipe"))[0]["removed"]:
            pass
        releases: list[Published] = []
        for number, edit in enumerate(edits):
            await load(store, edit, name=f"edit {number}")
            with monkeypatch.context() as patch:
                if lost:
                    write_twice(patch, store)
                releases += [await how(store, who="tester") for how in (publish_retractions, publish)]
        made = [one.release.model_copy(update={"published": ""}) for one in releases if one.release is not None]
        numbers = [one.number for one in made]
        assert numbers == [1, 2, 3]
        held = [await read_all_records(store, kind.label, number) for number in numbers for kind in LOADED]
        return [made, held, [await answers(store, "osteoarthritis", number) for number in numbers]]

    assert await made(lost=True) == await made(lost=False)


async def test_a_release_of_very_many_makes_indexes_anew_and_what_waits_is_found_as_before(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb.releases.stamp.MANY", 1)
    await load(store, SAMPLE)
    await publish(store, who="tester")
    assert await store.ensure_schema() is False
    assert sum((await pending_records(store)).values()) == 0
    await load(store, with_changed(SAMPLE, finding(1, "prp", "knee-osteoarthritis", estimate=2.5)), name="edit")
    assert {label: count for label, count in (await pending_records(store)).items() if count} == {"Finding": 1}
    release = (await publish(store, who="tester")).release
    assert release is not None
    assert release.records == 1


async def test_every_version_of_an_answer_belongs_to_a_range_of_releases(store: Store) -> None:
    await load(store, SAMPLE)
    for estimate in (-3.0, 2.5, -3.0):
        await load(
            store, with_changed(SAMPLE, finding(3, "tens", "hip-osteoarthritis", estimate=estimate)), name=f"{estimate}"
        )
        await publish(store, who="tester")
    seen = [(await answers(store, "hip-osteoarthritis", as_of=number))["tens"] for number in (1, 2, 3)]
    assert [one.direction for one in seen] == [Direction.BENEFIT, Direction.HARM, Direction.BENEFIT]
    assert [(one.first, min(one.until, 99)) for one in seen] == [(1, 2), (2, 3), (3, 99)]


async def test_a_citation_that_was_merged_while_it_was_stamped_is_new_when_it_is_published(store: Store) -> None:
    await load(store, SAMPLE)
    await publish(store, who="tester")
    await load(store, [citation(5), citation(6)], name="two more")
    await stamp_pending(await begin(store))
    await merge_two(store, citation(5).id, citation(6).id, who="tester")
    await publish(store, who="tester")
    await split(store, citation(6).id, who="tester")
    await publish(store, who="tester")
    questions = Questions(store)
    assert (await record_counts(questions, 1, 2))["Citation"] == (1, 0)
    assert (await record_counts(questions, 2, 3))["Citation"] == (1, 1)
    held = [await read_records(store, "Citation", [citation(6).id], release) for release in (1, 2, 3)]
    assert held == [{}, {}, {citation(6).id: citation(6)}]
