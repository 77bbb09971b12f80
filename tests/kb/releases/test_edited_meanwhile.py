"""Edits that land while a release is being made."""

from typing import Any

import pytest

from kb.questions import PageRequest, Questions
from kb.questions.summaries import read_evidence
from kb.releases import publish
from kb.store import Store
from schema.summary import Summary
from tests.samples import SAMPLE, citation, finding, load, study, with_changed

MOVED = finding(1, "tens", "hip-osteoarthritis", citation=citation(3).id)


async def answers(store: Store, release: int) -> dict[tuple[str, str], Summary]:
    """What a release answers, by therapy and condition."""
    found: dict[tuple[str, str], Summary] = {}
    for condition in ("osteoarthritis", "knee-osteoarthritis", "hip-osteoarthritis"):
        page = await read_evidence(Questions(store), PageRequest(50), condition=condition, as_of=release)
        found |= {(one.therapy, one.condition): one for one in page.items}
    return found


@pytest.mark.parametrize("asked", ["findings_under", "findings_of_pairs", "studies_of_citations", "reviews_of_studies"])
async def test_an_answer_rests_on_what_its_release_holds_though_a_result_moves_meanwhile(
    store: Store, monkeypatch: pytest.MonkeyPatch, asked: str
) -> None:
    other = study(1, "prp", "knee-osteoarthritis", citations=(citation(3).id,))
    edited = with_changed(SAMPLE, citation(1, title="Another title", retraction={"state": "RETRACTED"}))
    told: list[dict[tuple[str, str], Summary]] = []
    for meanwhile in (False, True):
        while (await store.write("wipe"))[0]["removed"]:
            pass
        await load(store, SAMPLE)
        await publish(store, who="tester")
        await load(store, edited, name="edit")
        read = store.read

        async def moved(query: str, *given: Any, read: Any = read, **params: Any) -> Any:
            if query == asked:
                monkeypatch.undo()
                await load(store, with_changed(edited, MOVED, other), name="meanwhile")
            return await read(query, *given, **params)

        if meanwhile:
            monkeypatch.setattr(store, "read", moved)
        await publish(store, who="tester")
        told.append(await answers(store, 2))
    assert told[1] == told[0]
