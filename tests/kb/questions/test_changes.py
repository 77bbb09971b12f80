"""What changed between two releases, and why: each kind of change tells itself."""

import pytest

from kb.errors import NotFound, UnknownRelease, UsageError
from kb.questions import PageRequest, Questions
from kb.questions.changes import AnswerChange, read_changes, record_counts
from kb.releases import publish
from kb.store import Store
from schema.record import Record
from schema.terms import CertaintyReason, ChangeReason, Direction, Favours, RetractionState
from tests.samples import HIP, KNEE, OSTEOARTHRITIS, PAIN, SAMPLE, citation, finding, load, study, trial, with_changed

Changes = dict[tuple[str, str], AnswerChange]


async def changes(
    store: Store, since: int, until: int | None = None, therapy: str | None = None, condition: str | None = None
) -> Changes:
    page = await read_changes(
        Questions(store), PageRequest(first=100), since=since, until=until, therapy=therapy, condition=condition
    )
    assert page.total == len(page.items)
    return {(one.therapy, one.condition): one for one in page.items}


async def after(store: Store, *changed: Record, name: str = "edit") -> Changes:
    """The sample is published, then with these records, changed or added."""
    await load(store, SAMPLE)
    await publish(store, who="tester")
    await load(store, changed, name=name)
    await publish(store, who="tester")
    return await changes(store, 1)


def kinds(change: AnswerChange) -> list[ChangeReason]:
    return [one.kind for one in change.reasons]


async def test_everything_is_new_since_the_beginning(store: Store) -> None:
    await load(store, SAMPLE)
    await publish(store, who="tester")
    found = await changes(store, 0)
    first = found["prp", "knee-osteoarthritis"]
    assert first.before is None
    assert first.after is not None
    assert {ChangeReason.STUDY_JOINED, ChangeReason.FINDING_JOINED} == set(kinds(first))
    assert "Author1 2011 (author1trial)" in {one.what for one in first.reasons}
    assert ("regenerative-medicine", "osteoarthritis") in found


async def test_an_edited_finding_is_told_before_and_after(store: Store) -> None:
    changed = finding(1, "prp", "knee-osteoarthritis", estimate=2.5)
    found = await after(store, changed)
    assert set(found) == {
        (therapy, condition)
        for therapy in ("prp", "regenerative-medicine")
        for condition in ("knee-osteoarthritis", "osteoarthritis")
    }
    change = found["prp", "knee-osteoarthritis"]
    assert change.before is not None
    assert change.after is not None
    assert change.before.direction is Direction.BENEFIT
    assert change.after.direction is not Direction.BENEFIT
    (why,) = change.reasons
    assert (why.kind, why.label, why.record) == (ChangeReason.FINDING_CHANGED, "Finding", changed.id)
    assert "MD -1.5 (-2.5 to -0.5), benefit → MD 2.5 (1.5 to 3.5), harm" in why.what
    assert not change.only_wording


async def test_an_interval_of_which_one_end_is_known_is_told_with_that_end(store: Store) -> None:
    whole = finding(1, "prp", "knee-osteoarthritis", estimate=-1.5)
    assert whole.effect is not None
    one_sided = whole.effect.model_copy(update={"ci_high": None})
    change = (await after(store, whole.model_copy(update={"effect": one_sided})))["prp", "knee-osteoarthritis"]
    assert "MD -1.5 (-2.5 to -0.5), benefit → MD -1.5 (-2.5 to not reported), benefit" in change.reasons[0].what


async def test_a_retraction_is_the_reason_and_so_is_its_withdrawal(store: Store) -> None:
    gone = citation(1, retraction={"state": RetractionState.RETRACTED, "date": "2026", "notice_doi": "10.5555/notice"})
    change = (await after(store, gone))["prp", "knee-osteoarthritis"]
    assert kinds(change) == [ChangeReason.CITATION_RETRACTED]
    assert "retracted, 2026, notice 10.5555/notice" in change.reasons[0].what
    assert change.after is not None
    assert change.after.retracted_studies == ("author1trial",)
    await load(store, [citation(1, retraction={"state": RetractionState.REINSTATED})], name="withdrawn")
    await publish(store, who="tester")
    change = (await changes(store, 2))["prp", "knee-osteoarthritis"]
    assert kinds(change) == [ChangeReason.CITATION_REINSTATED]


async def test_a_concern_is_the_reason(store: Store) -> None:
    doubted = citation(1, retraction={"state": RetractionState.EXPRESSION_OF_CONCERN})
    change = (await after(store, doubted))["prp", "knee-osteoarthritis"]
    assert kinds(change) == [ChangeReason.CITATION_CONCERN]


async def test_a_study_joins(store: Store) -> None:
    change = (await after(store, *trial(4, "prp", "knee-osteoarthritis")))["prp", "knee-osteoarthritis"]
    assert kinds(change) == [ChangeReason.STUDY_JOINED, ChangeReason.FINDING_JOINED]
    assert (change.reasons[0].record, change.reasons[0].what) == ("author4trial", "Author4 2014 (author4trial)")


async def test_what_was_corrected_beside_an_estimate_is_told(store: Store) -> None:
    read = finding(1, "prp", "knee-osteoarthritis")
    assert read.effect is not None
    effect = read.effect.model_copy(update={"level": 90, "p": "0.04", "adjusted": True})
    found = await after(store, read.model_copy(update={"effect": effect, "favours": Favours.NEITHER}))
    (why,) = found["prp", "knee-osteoarthritis"].reasons
    assert why.what.endswith(
        ": favours intervention → neither; level 95 → 90; p not reported → 0.04; adjusted no → yes"
    ), why.what


async def test_corrected_numbers_of_an_arm_are_told_before_and_after(store: Store) -> None:
    read = finding(1, "prp", "knee-osteoarthritis")
    first, *others = read.arms
    corrected = first.model_copy(update={"n": 41, "mean": 3.25})
    found = await after(store, read.model_copy(update={"arms": (corrected, *others)}))
    (why,) = found["prp", "knee-osteoarthritis"].reasons
    mean = "not reported" if first.mean is None else f"{first.mean:g}"
    assert f"{first.name}: n {first.n} → 41, mean {mean} → 3.25" in why.what


async def test_a_study_whose_facts_were_edited_is_the_reason(store: Store) -> None:
    larger = study(1, "prp", "knee-osteoarthritis", participants=140)
    change = (await after(store, larger))["prp", "knee-osteoarthritis"]
    assert [(one.kind, one.what) for one in change.reasons] == [
        (ChangeReason.STUDY_CHANGED, "Author1 2011 (author1trial): participants")
    ]


async def test_a_result_that_moves_leaves_one_answer_and_joins_another(store: Store) -> None:
    moved = finding(1, "prp", "knee-osteoarthritis").model_copy(update={"conditions": ("hip-osteoarthritis",)})
    found = await after(store, moved)
    assert ChangeReason.FINDING_LEFT in kinds(found["prp", "knee-osteoarthritis"])
    joined = found["prp", "hip-osteoarthritis"]
    assert joined.before is None
    assert ChangeReason.FINDING_JOINED in kinds(joined)


async def test_a_condition_that_moves_is_the_reason(store: Store) -> None:
    found = await after(store, KNEE.model_copy(update={"broader": ()}))
    gone = found["prp", "osteoarthritis"]
    assert gone.after is None
    # Its studies, all of the hip, come from one of several narrower conditions no more: it is the only one.
    beside = found["tens", "osteoarthritis"]
    assert beside.before is not None
    assert beside.after is not None
    assert [step.reason for step in beside.before.lines[0].steps if step not in beside.after.lines[0].steps] == [
        CertaintyReason.INDIRECTNESS
    ]
    assert [(one.kind, one.record, one.what) for one in beside.reasons] == [
        (
            ChangeReason.VOCABULARY_CHANGED,
            "knee-osteoarthritis",
            "the condition Knee osteoarthritis moved from Osteoarthritis to the top",
        )
    ]
    release = await Questions(store).release()
    assert release is not None
    (why,) = (one.why for one in release.changes if (one.therapy, one.condition) == ("tens", "osteoarthritis"))
    assert why == "the condition Knee osteoarthritis moved from Osteoarthritis to the top"
    await load(store, [KNEE], name="back")
    await publish(store, who="tester")
    assert (await changes(store, 2))["prp", "osteoarthritis"].before is None
    # What changed and came back is no change.
    assert await changes(store, 1) == {}


async def test_what_came_or_was_merged_beside_the_studied_ones_is_named(store: Store) -> None:
    """Nobody studied the hand: whether it stands beside the knee decides whether all comes from one branch."""
    few = [one for one in SAMPLE if not one.id.startswith(("hip-osteoarthritis", "author3", "pmid:900003"))]
    hand = HIP.model_copy(update={"id": "hand-osteoarthritis", "name": "Hand osteoarthritis"})
    joints = OSTEOARTHRITIS.model_copy(update={"id": "joint-pain", "name": "Joint pain", "abbreviations": ()})
    await load(store, [*few, joints])
    await publish(store, who="tester")
    said = {
        "the condition Hand osteoarthritis is new, under Osteoarthritis": {},
        "the condition Hand osteoarthritis moved from Osteoarthritis to Joint pain": {"broader": ("joint-pain",)},
        "the condition Hand osteoarthritis moved from Joint pain to Osteoarthritis": {},
        "the condition Hand osteoarthritis was merged into Joint pain": {"replaced_by": "joint-pain"},
        "the condition Hand osteoarthritis is no longer merged into Joint pain": {},
    }
    for release, (what, fields) in enumerate(said.items(), 2):
        await load(store, [hand.model_copy(update=fields)], name="hand")
        await publish(store, who="tester")
        found = (await changes(store, release - 1))["prp", "osteoarthritis"]
        assert [one.what for one in found.reasons] == [what]


async def test_an_answer_about_several_conditions_tells_which_joined(store: Store) -> None:
    lonely = HIP.model_copy(update={"broader": ()})
    await load(store, with_changed([*SAMPLE, *trial(4, "prp", "hip-osteoarthritis")], lonely))
    await publish(store, who="tester")
    await load(store, [HIP], name="moved")
    await publish(store, who="tester")
    change = (await changes(store, 1))["prp", "osteoarthritis"]
    told = {one.what for one in change.reasons if one.kind is ChangeReason.VOCABULARY_CHANGED}
    assert "Hip osteoarthritis counts as Osteoarthritis" in told
    assert ChangeReason.STUDY_JOINED in kinds(change)


async def test_new_rules_are_told_as_such(store: Store) -> None:
    await load(store, SAMPLE)
    await publish(store, who="tester", rules="old")
    await load(store, [finding(1, "prp", "knee-osteoarthritis", estimate=2.5)], name="edit")
    await publish(store, who="tester", rules="new")
    change = (await changes(store, 1))["prp", "knee-osteoarthritis"]
    assert kinds(change) == [ChangeReason.FINDING_CHANGED, ChangeReason.RULES_CHANGED]
    assert change.reasons[1].what.endswith("version old → new")


async def test_therapies_and_conditions_take_in_narrower_ones(store: Store) -> None:
    await after(store, finding(1, "prp", "knee-osteoarthritis", estimate=2.5), *trial(4, "tens", "hip-osteoarthritis"))
    assert {one[0] for one in await changes(store, 1, therapy="Regenerative medicine")} == {
        "prp",
        "regenerative-medicine",
    }
    assert set(await changes(store, 1, therapy="TENS", condition="OA")) == {
        ("tens", "hip-osteoarthritis"),
        ("tens", "osteoarthritis"),
    }
    assert set(await changes(store, 1, therapy="TENS", condition="knee arthritis")) == set()
    with pytest.raises(NotFound, match="Hip osteoarthritis"):
        await changes(store, 1, condition="hip osteoarthritus")


async def test_pages_hold_every_change_once(store: Store) -> None:
    await load(store, SAMPLE)
    await publish(store, who="tester")
    everything = await changes(store, 0)
    seen: list[tuple[str, str]] = []
    page = await read_changes(Questions(store), PageRequest(first=2), since=0)
    while True:
        seen += [(one.therapy, one.condition) for one in page.items]
        if not page.has_next:
            break
        page = await read_changes(Questions(store), PageRequest(first=2, after=page.cursors[-1]), since=0)
    assert len(seen) == page.total
    assert set(seen) == set(everything)


async def test_releases_that_do_not_exist(store: Store) -> None:
    assert await changes(store, 0) == {}
    with pytest.raises(UnknownRelease, match=r"No release is called '1'. Nothing is published yet."):
        await changes(store, 1)
    await load(store, SAMPLE)
    await publish(store, who="tester")
    with pytest.raises(UnknownRelease, match="Release 1 is the only one"):
        await changes(store, 0, 7)
    await load(store, [PAIN.model_copy(update={"name": "Pain"})], name="edit")
    await publish(store, who="tester")
    with pytest.raises(UnknownRelease, match="Releases 1 to 2 exist"):
        await changes(store, 3)
    with pytest.raises(UsageError, match="earlier release first"):
        await changes(store, 2, 1)


async def test_records_are_counted_between_releases(store: Store) -> None:
    await after(store, finding(1, "prp", "knee-osteoarthritis", estimate=2.5), *trial(4, "tens", "hip-osteoarthritis"))
    assert await record_counts(Questions(store), 1, 2) == {"Citation": (1, 0), "Study": (1, 0), "Finding": (1, 1)}
    assert (await record_counts(Questions(store), 0, 1))["Finding"] == (3, 0)
