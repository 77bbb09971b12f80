"""Gaps of a condition, a therapy or both: what no study measured, and what is not sure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from kb.evidence.evidence import Vocabulary
from kb.evidence.gaps import CORE_DOMAINS, Gap, gaps_of
from kb.evidence.results import TESTS
from kb.evidence.rollup import Hierarchy
from kb.questions.paging import Page, PageRequest, page_of
from kb.questions.questions import Questions
from kb.questions.summaries import answers_of
from kb.questions.trials import UnderWay, trials_under_way
from schema.citation import Citation
from schema.study import Study
from schema.terms import GapKind, OutcomeDomain

_DOMAINS = (*CORE_DOMAINS, None)
#: Those first that a next trial would most directly close.
_KINDS = (GapKind.NOT_MEASURED, GapKind.LOW_CERTAINTY, GapKind.NO_STUDY)


async def read_gaps(
    questions: Questions,
    page: PageRequest,
    *,
    condition: str | None = None,
    therapy: str | None = None,
    domain: OutcomeDomain | None = None,
    kind: GapKind | None = None,
    as_of: int | None = None,
) -> Page[Gap]:
    """Return what is open: domains that no study measured, then those of low certainty, then pairs without a study.

    Tests and monitoring are left out, because they treat nobody; so are groups, whose members are listed. Raises
    UsageError when neither a condition nor a therapy is given, NotFound for a name that finds nothing.
    """
    number = await questions.number(as_of)
    answers = await answers_of(questions, condition, therapy, number)
    catalogue = await questions.catalogue(number)
    wanted_condition = None if condition is None else catalogue.get("Condition", condition).id
    wanted_therapy = None if therapy is None else catalogue.get("Therapy", therapy).id
    treatments = {one.id for one in catalogue.vocabulary.therapies.values() if one.kind not in TESTS}
    told = [
        one
        for one in answers
        if one.therapy in treatments
        and (one.names_therapy or one.therapy == wanted_therapy)
        and (one.names_condition or one.condition == wanted_condition)
    ]
    studies = await questions.get_many("Study", {id for one in told for id in one.carrying}, as_of=number)
    read_in = {harm.citation for study in studies.values() if isinstance(study, Study) for harm in study.harms}
    reports = await questions.get_many("Citation", read_in, as_of=number)
    citations = {id: report for id, report in reports.items() if isinstance(report, Citation)}
    found: list[Gap] = []
    for one in told:
        held = (studies.get(id) for id in one.carrying)
        found += gaps_of(one, [study for study in held if isinstance(study, Study)], citations)
    held_pairs = {(one.therapy, one.condition) for one in answers}
    vocabulary = catalogue.vocabulary
    for one in _asked(wanted_therapy, vocabulary.therapies, vocabulary.therapy_tree):
        for other in _asked(wanted_condition, vocabulary.conditions, vocabulary.condition_tree):
            if one in treatments and (one, other) not in held_pairs:
                found.append(Gap(one, other, None, GapKind.NO_STUDY, None))
    kept = [one for one in found if kind in (None, one.kind) and (domain is None or one.domain in (domain, None))]
    return page_of(_with_trials(kept, await trials_under_way(questions, number), vocabulary), _rank, page)


def _with_trials(found: Sequence[Gap], trials: Sequence[UnderWay], vocabulary: Vocabulary) -> list[Gap]:
    """Name the trials under way of each pair; a trial of a narrower therapy or condition counts."""
    if not trials:
        return list(found)
    therapies, conditions = vocabulary.therapy_tree, vocabulary.condition_tree
    return [
        replace(
            gap,
            trials=tuple(
                trial.study
                for trial in trials
                if trial.therapies & therapies.narrower(gap.therapy)
                and trial.conditions & conditions.narrower(gap.condition)
            ),
        )
        for gap in found
    ]


def _asked(wanted: str | None, all_ids: Iterable[str], tree: Hierarchy) -> list[str]:
    """The one that was asked for, else those without anything narrower."""
    return [wanted] if wanted is not None else [id for id in all_ids if not tree.children(id)]


def _rank(gap: Gap) -> tuple[int, str, str, int]:
    return _KINDS.index(gap.kind), gap.therapy, gap.condition, _DOMAINS.index(gap.domain)
