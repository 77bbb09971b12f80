"""Gaps of the sample, as a reader asks for them."""

import pytest

from kb.errors import NotFound, UsageError
from kb.questions import PageRequest, Questions
from kb.questions.gaps import read_gaps
from kb.releases import publish
from kb.store import Store
from schema.terms import GapKind, OutcomeDomain
from tests.samples import SAMPLE, load


async def test_gaps_are_what_no_study_measured_what_is_unsure_and_what_nobody_studied(store: Store) -> None:
    await load(store, SAMPLE)
    await publish(store, who="tester")
    questions, page = Questions(store), PageRequest(first=100)
    found = await read_gaps(questions, page, condition="knee arthritis")
    nobody = [one.therapy for one in found.items if one.kind is GapKind.NO_STUDY]
    assert nobody == ["tens"]
    measured = {one.domain for one in found.items if one.kind is GapKind.NOT_MEASURED and one.therapy == "prp"}
    assert OutcomeDomain.PHYSICAL_FUNCTION in measured
    assert OutcomeDomain.PAIN not in measured
    both = await read_gaps(questions, page, condition="knee arthritis", therapy="TENS")
    assert [(one.kind, one.domain) for one in both.items] == [(GapKind.NO_STUDY, None)]
    narrowed = await read_gaps(questions, page, therapy="prp", domain=OutcomeDomain.DISPOSITION)
    assert {one.domain for one in narrowed.items} == {OutcomeDomain.DISPOSITION, None}
    with pytest.raises(UsageError):
        await read_gaps(questions, page)
    with pytest.raises(NotFound):
        await read_gaps(questions, page, condition="nothing of the kind")


async def test_pages_of_gaps_follow_on(store: Store) -> None:
    await load(store, SAMPLE)
    await publish(store, who="tester")
    questions = Questions(store)
    whole = await read_gaps(questions, PageRequest(first=100), condition="OA")
    first = await read_gaps(questions, PageRequest(first=2), condition="OA")
    second = await read_gaps(questions, PageRequest(first=100, after=first.cursors[-1]), condition="OA")
    assert [*first.items, *second.items] == list(whole.items)
