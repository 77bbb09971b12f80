"""Check: a sound graph passes, and each kind of damage is found and named."""

from collections.abc import Sequence

import pytest

from kb.check import check_graph
from kb.ingest import Action
from kb.ingest.apply import apply, now, row_of
from kb.ingest.decision import Incoming
from kb.ingest.plan import plan
from kb.releases import publish
from kb.store import Store
from schema.load_run import LoadRun
from schema.parsed import Parsed
from schema.record import Record
from schema.terms import LoadState
from tests.samples import OSTEOARTHRITIS, PAIN, PRP, REGENERATIVE, SAMPLE, TENS, load


async def found(store: Store) -> list[str]:
    return [f"{one.where}: {one.message}" for one in await check_graph(store)]


async def test_a_loaded_and_published_graph_is_sound(store: Store) -> None:
    await load(store, SAMPLE)
    await publish(store, who="tester")
    assert await found(store) == []


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ("damage_content", "Therapy prp: its content is not what was loaded"),
        ("damage_edge", "Study author1trial: therapies names the Therapy prp, which is not there"),
        ("damage_target", "rests on the Finding author1trial:"),
        ("damage_provenance", "Condition osteoarthritis: came with the load"),
        ("damage_extra_edge", "Therapy tens: is joined to the Therapy prp by BROADER, which its content does not say"),
        ("damage_field", "Therapy tens: is no valid Therapy: kind"),
        ("damage_stranger", "Stranger: 1 nodes of a label that the schema does not know"),
    ],
)
async def test_damage_is_found_and_named(store: Store, damage: str, told: str) -> None:
    await load(store, SAMPLE)
    await publish(store, who="tester")
    await store.write(damage)
    problems = await found(store)
    assert any(told in one for one in problems), problems


async def load_at_once(store: Store, records: Sequence[Record]) -> None:
    """Load each record by itself, all planned before the first is written."""
    plans = [
        await plan(store, [Incoming(Parsed(one, "line 1"), 0, "seeds")], who="tester", at=now()) for one in records
    ]
    for place, one in enumerate(plans):
        assert [decision.action for decision in one.decisions] == [Action.UPDATED]
        run = LoadRun(
            id=f"run-{place}",
            source=f"half-{place}",
            sha256=f"hash-{place}",
            format="seeds",
            loader_version="1",
            who="tester",
            started=now(),
            state=LoadState.COMPLETE,
        )
        await apply(store, [row_of(each, run) for each in one.decisions], lambda _, run=run: run, {})


JOINT_PAIN = OSTEOARTHRITIS.model_copy(update={"id": "joint-pain", "name": "Joint pain", "abbreviations": ()})
FUNCTION = PAIN.model_copy(update={"id": "function", "name": "Function"})


@pytest.mark.parametrize(
    ("halves", "told"),
    [
        (
            [REGENERATIVE.model_copy(update={"broader": ("tens",)}), TENS.model_copy(update={"broader": ("prp",)})],
            "Therapy prp: its hierarchy is circular: prp → regenerative-medicine → tens → prp; "
            "load one of these again without that 'broader'",
        ),
        (
            [PAIN.model_copy(update={"broader": ("function",)}), FUNCTION.model_copy(update={"broader": (PAIN.id,)})],
            "Outcome function: its hierarchy is circular: function → pain-intensity → function; "
            "load one of these again without that 'broader'",
        ),
        (
            [PRP.model_copy(update={"replaced_by": "tens"}), TENS.model_copy(update={"replaced_by": "prp"})],
            "Therapy prp: is replaced by itself: prp → tens → prp; load one of these again without its 'replaced_by'",
        ),
        (
            [
                OSTEOARTHRITIS.model_copy(update={"broader": ("joint-pain",)}),
                JOINT_PAIN.model_copy(update={"replaced_by": "hip-osteoarthritis"}),
            ],
            "Condition hip-osteoarthritis: its hierarchy is circular: "
            "hip-osteoarthritis → osteoarthritis → hip-osteoarthritis (joint-pain was merged into "
            "hip-osteoarthritis); load one of these again without that 'broader'",
        ),
    ],
    ids=["therapies", "outcomes", "replaced by", "merged"],
)
async def test_a_circle_that_two_loads_made_at_once_is_told_with_its_path(
    store: Store, halves: list[Record], told: str
) -> None:
    await load(store, [*SAMPLE, FUNCTION, JOINT_PAIN])
    await load_at_once(store, halves)
    assert await found(store) == [told]
