"""Check: a sound graph passes, and each kind of damage is found and named."""

import pytest

from kb.check import check_graph
from kb.releases import publish
from kb.store import Store
from tests.samples import SAMPLE, load


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
