"""One trial is one study, whether its results or its registration come first; and a registration changes no answer."""

from collections.abc import Sequence

from kb.ingest import Action, load_sources
from kb.questions import PageRequest, Questions
from kb.questions.summaries import read_evidence
from kb.releases import publish
from kb.store import Store
from loaders import clinicaltrials
from schema.citation import Citation, Retraction
from schema.parsed import Parsed, Problem
from schema.record import Record
from schema.study import Study, retracted
from schema.terms import CitationType, RetractionState
from tests.loaders.test_clinicaltrials import TRIALS
from tests.samples import SAMPLE, citation, load, source, study, with_changed

KNEE_TRIAL = study(1, "prp", "knee-osteoarthritis", registry_numbers=("NCT90000001",))


def entries() -> list[Record]:
    with TRIALS.open("rb") as stream:
        return [one.record for one in clinicaltrials.parse(stream, "trials") if isinstance(one, Parsed)]


async def registered(store: Store, records: Sequence[Record] | None = None) -> list[Problem]:
    report = await load(store, entries() if records is None else records, name="trials", form="clinicaltrials")
    return report.problems


async def held(store: Store, id_: str) -> Study | None:
    nodes = await store.nodes("Study", [id_])
    return Study.from_properties(nodes[0]) if nodes else None


async def test_a_registration_joins_the_study_with_its_number_and_changes_nothing_else(store: Store) -> None:
    await load(store, with_changed(SAMPLE, KNEE_TRIAL))
    await registered(store)
    found = await held(store, KNEE_TRIAL.id)
    assert found is not None
    assert found.registration is not None
    assert found.model_copy(update={"registration": None, "registered_in": None}) == KNEE_TRIAL
    assert found.registered_in == "nct:NCT90000001"
    assert await held(store, "nct90000001") is None
    again = await load(store, entries(), name="other name", form="clinicaltrials")
    assert again.counts[Action.UPDATED] == again.counts[Action.NEW] == 0
    seeds = await load(store, with_changed(SAMPLE, KNEE_TRIAL))
    assert seeds.counts[Action.UNCHANGED] == len(SAMPLE)


async def test_a_study_that_comes_after_its_registration_takes_its_place(store: Store) -> None:
    await registered(store)
    report = await load(store, with_changed(SAMPLE, KNEE_TRIAL))
    assert report.counts[Action.REJECTED] == 0
    assert "keeps that id" in report.problems[0].message
    found = await held(store, "nct90000001")
    assert found is not None
    assert found.registration is not None
    assert (found.name, found.participants, found.citations) == (KNEE_TRIAL.name, 100, KNEE_TRIAL.citations)
    assert await held(store, KNEE_TRIAL.id) is None
    for records, name, form in (
        (with_changed(SAMPLE, KNEE_TRIAL), "sample", "seeds"),
        (entries(), "t", "clinicaltrials"),
    ):
        again = await load(store, records, name=name, form=form)
        assert again.counts[Action.UPDATED] == again.counts[Action.NEW] == again.counts[Action.REJECTED] == 0


async def test_both_in_one_load_are_one_study(store: Store) -> None:
    sources = [
        source(entries(), name="trials", form="clinicaltrials"),
        source(with_changed(SAMPLE, KNEE_TRIAL)),
    ]
    reports = await load_sources(store, sources, who="tester")
    assert [one.counts[Action.REJECTED] for one in reports] == [0, 0]
    found = await held(store, KNEE_TRIAL.id)
    assert found is not None
    assert found.registration is not None
    assert await held(store, "nct90000001") is None


async def test_a_number_of_two_studies_joins_neither(store: Store) -> None:
    twin = study(2, "prp", "knee-osteoarthritis", registry_numbers=("NCT90000001",))
    await load(store, with_changed(SAMPLE, KNEE_TRIAL, twin))
    problems = await registered(store)
    assert any("two studies, author1trial and author2trial" in problem.message for problem in problems)
    assert await held(store, "nct90000001") is None


async def test_results_that_the_graph_holds_are_reports_and_the_rest_is_told(store: Store) -> None:
    problems = await registered(store)
    assert any("PMID 900001, PMID 999999; load them" in problem.message for problem in problems)
    result = citation(1, year=2014)
    await load(store, [result], name="paper")
    problems = await registered(store)
    found = await held(store, "nct90000002")
    assert found is not None
    assert found.citations == ("nct:NCT90000002", result.id)
    assert [problem.rejected for problem in problems] == [False]


async def test_a_result_that_is_older_than_the_trial_or_another_study_s_is_not_its_report(store: Store) -> None:
    await load(store, [citation(1)], name="paper")
    assert any("of 2011 as its result, and began 2012" in one.message for one in await registered(store))
    await load(store, SAMPLE)
    assert any("which the study author1trial reports too" in one.message for one in await registered(store))
    found = await held(store, "nct90000002")
    assert found is not None
    assert found.citations == ("nct:NCT90000002",)


async def test_registrations_change_no_answer(store: Store) -> None:
    await load(store, with_changed(SAMPLE, KNEE_TRIAL))
    await publish(store, who="tester")
    before = await read_evidence(Questions(store), PageRequest(), condition="osteoarthritis")
    await registered(store)
    published = await publish(store, who="tester")
    assert published.release is not None
    assert published.summaries_changed == 0
    after = await read_evidence(Questions(store), PageRequest(), condition="osteoarthritis")
    assert [one.sentence for one in after.items] == [one.sentence for one in before.items]


def test_an_entry_does_not_keep_a_retracted_trial_standing() -> None:
    entry = next(one for one in entries() if isinstance(one, Citation))
    assert entry.type is CitationType.REGISTRATION
    report = citation(1, retraction=Retraction(state=RetractionState.RETRACTED))
    both = study(1, "prp", "knee-osteoarthritis", citations=(report.id, entry.id))
    assert retracted(both, [report, entry])
    assert not retracted(both, [entry])
    assert not retracted(study(1, "prp", "x", citations=(entry.id,)), [entry])
