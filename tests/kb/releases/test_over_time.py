"""Whatever happens, in whatever order: what a release answers is what its records give, and no later one changes it."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from random import Random
from typing import Any

import pytest

from kb.check import check_graph
from kb.duplicates import merge_two, split
from kb.errors import NotFound, UsageError
from kb.questions import PageRequest, Questions
from kb.questions.changes import read_changes
from kb.questions.records import current_release, read_all_records
from kb.questions.vocabulary import read_vocabulary
from kb.releases import publish, publish_retractions
from kb.releases.derive import Pair, derive
from kb.releases.touched import all_pairs
from kb.releases.versions import same_answer
from kb.store import Store
from schema.citation import Citation, Retraction
from schema.condition import Condition
from schema.finding import Finding
from schema.record import DRAFT, Record
from schema.summary import Summary
from schema.terms import ChangeReason, Direction, RetractionState
from tests.kb.killed import Killed
from tests.kb.releases.test_only_retractions import PUBLISHED, Cut, answers, said
from tests.samples import HIP, KNEE, load, trial

HAND = HIP.model_copy(update={"id": "hand-osteoarthritis", "name": "Hand osteoarthritis", "sentence": "Worn hands."})
GONARTHROSIS = KNEE.model_copy(
    update={"id": "gonarthrosis", "name": "Gonarthrosis", "labels": (), "synonyms": (), "broader": ()}
)
STEPS = 12


class History:
    """One knowledge base, what happened to it, and what it answered at each release."""

    def __init__(self, store: Store, seed: int) -> None:
        self.store = store
        self.random = Random(seed)
        self.told: list[str] = []
        self.answered: dict[int, dict[Pair, Summary]] = {0: {}}
        self.count = 20

    async def happens(self) -> None:
        step: Callable[[], Awaitable[None]] = self.random.choice(
            [self.studied, self.corrected, self.marked, self.marked, self.moved, self.merged, self.killed]
            + [self.published] * 3
        )
        self.told.append(step.__name__)
        await step()

    async def any(self, label: str) -> Record:
        found = await read_all_records(self.store, label, DRAFT)
        return found[self.random.choice(sorted(found))]

    async def loaded(self, *records: Record) -> None:
        self.count += 1
        await load(self.store, records, name=f"load {self.count}")

    async def studied(self) -> None:
        condition = (await self.any("Condition")).id
        therapy = self.random.choice(["prp", "tens", "regenerative-medicine"])
        await self.loaded(*trial(self.count, therapy, condition, self.random.choice([-3.0, -0.2, 2.0])))

    async def corrected(self) -> None:
        one = await self.any("Finding")
        assert isinstance(one, Finding)
        condition = (await self.any("Condition")).id
        changes = ({"conditions": (condition,)}, {"direction": Direction.MIXED}, {"withdrawn": not one.withdrawn})
        await self.loaded(one.model_copy(update=self.random.choice(changes)))

    async def marked(self) -> None:
        one = await self.any("Citation")
        assert isinstance(one, Citation)
        state = self.random.choice([*RetractionState, RetractionState.RETRACTED])
        await self.loaded(one.model_copy(update={"retraction": Retraction(state=state)}))

    async def moved(self) -> None:
        one, other = await self.any("Condition"), await self.any("Condition")
        assert isinstance(one, Condition)
        changes = ({"broader": (other.id,)}, {"replaced_by": other.id}, {"replaced_by": None, "name": f"{one.id} anew"})
        await self.loaded(one.model_copy(update=self.random.choice(changes)))

    async def merged(self) -> None:
        gone = [row["node"]["id"] for row in await self.store.read("nodes_of_label", {"Label": "MergedCitation"})]
        if gone and self.random.random() < 0.5:
            await split(self.store, self.random.choice(sorted(gone)), who="tester")
        else:
            await merge_two(self.store, (await self.any("Citation")).id, (await self.any("Citation")).id, who="tester")

    async def killed(self) -> None:
        work: Callable[..., Any] = self.random.choice([publish, publish_retractions])
        with suppress(Killed):
            await work(Cut(self.store, self.random.randrange(12)), who="killed")

    async def published(self) -> None:
        work = publish_retractions if self.random.random() < 0.3 else publish
        if (await work(self.store, who="tester")).release is not None:
            await self.looked_at()

    async def looked_at(self) -> None:
        """The newest release is what its records give, and it is told truly what it changed."""
        number = await current_release(self.store)
        found = self.answered[number] = await answers(self.store, number)
        vocabulary = await read_vocabulary(self.store, number)
        pairs = await all_pairs(self.store, number, vocabulary) | found.keys()
        anew = {one.pair: one.after async for one in derive(self.store, pairs, number, vocabulary, before=0)}
        assert found.keys() == {pair for pair, one in anew.items() if one is not None}, self.told
        for pair, one in found.items():
            other = anew[pair]
            assert other is not None
            assert same_answer(one, other), (self.told, pair)
        for since in {number - 1, self.random.randrange(number)}:
            before = self.answered[since]
            differ = {
                pair
                for pair in before.keys() | found.keys()
                if pair not in before or pair not in found or not same_answer(before[pair], found[pair])
            }
            changes = (await read_changes(Questions(self.store), PageRequest(100), since=since)).items
            assert {(one.therapy, one.condition) for one in changes} == differ, (self.told, since)
            kinds = {reason.kind for one in changes for reason in one.reasons}
            assert ChangeReason.OTHER not in kinds, (self.told, since)


@pytest.mark.parametrize("seed", [1, 2])
async def test_a_release_answers_what_its_records_give_and_goes_on_to_do_so(store: Store, seed: int) -> None:
    history = History(store, seed)
    await history.loaded(*PUBLISHED, HAND, GONARTHROSIS)
    for _ in range(STEPS):
        try:
            await history.happens()
        except (UsageError, NotFound) as refused:
            history.told.append(str(refused))
    for number, then in history.answered.items():
        if number:
            assert said(await answers(store, number)) == said(then), (history.told, number)
    assert await check_graph(store) == [], history.told
