"""``kb check``: what is wrong with the graph, the first of each kind in full."""

import pytest

from kb.cli import check
from kb.store import Store
from tests.kb.cli.command import kb
from tests.samples import SAMPLE, citation, load

BROKEN = check.SHOWN + 5


@pytest.fixture
async def damaged(store: Store) -> Store:
    await load(store, [*SAMPLE, *(citation(number) for number in range(20, 20 + BROKEN))])
    await store.write("damage_citations")
    await store.write("damage_content")
    return store


async def test_the_first_of_each_kind_are_printed_and_the_rest_counted(damaged: Store, kb_env: dict[str, str]) -> None:
    printed = kb(kb_env, "check")
    assert printed.code == 1
    lines = printed.out.splitlines()
    assert sum(line.startswith("Citation pmid:") for line in lines) == check.SHOWN
    assert "Citation: 5 more of this kind (changed content); --all prints them." in lines
    assert "Therapy prp: its content is not what was loaded; load it again from its source" in lines
    assert lines[-1] == f"{BROKEN + 1} findings."
    every = kb(kb_env, "check", "--all")
    assert (every.code, len(every.out.splitlines())) == (1, BROKEN + 2)
    found = kb(kb_env, "check", "--json").json["findings"]
    assert len(found) == BROKEN + 1
    assert {one["kind"] for one in found} == {"changed content"}
