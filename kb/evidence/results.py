"""Results: findings with what the rules need to know of them (rules 1, 2, 3 and 9).

**Retraction (rule 3).** A finding read in a retracted or removed citation carries no weight, nor does one of a study
whose every report is retracted (COPE, doi:10.24318/cope.2019.1.4: the findings of a retracted article must not be
relied on). An expression of concern is carried along: it lowers certainty.

**What it was compared with.** Sham or placebo; usual care, waiting list or no treatment; another treatment; nothing,
or nothing that was described. Where an active comparator is itself a form of the therapy in question (or the
comparison is one of doses), the result compares forms of one therapy and cannot tell whether that therapy works.

**Prediction is no treatment.** An area under the curve, a sensitivity or an association of a marker says how well one
can foretell, never whether somebody is helped.

**Signs (rule 9).** Which arm a result favours was told at loading. It is read here and never derived again; where it
contradicts the result's own direction, the result says nothing.
"""

import re
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any

from kb.evidence.evidence import Evidence, Vocabulary
from kb.evidence.remembered import remembered
from schema.citation import Citation
from schema.effect import Arm
from schema.finding import Finding
from schema.study import Study, retracted
from schema.terms import (
    ArmRole,
    ComparatorClass,
    ComparatorGroup,
    Direction,
    EffectMeasure,
    Favours,
    Measured,
    RetractionState,
    StudyDesign,
    TherapyKind,
)

GROUPS: dict[ComparatorClass, ComparatorGroup] = {
    ComparatorClass.SHAM: ComparatorGroup.SHAM_OR_PLACEBO,
    ComparatorClass.PLACEBO: ComparatorGroup.SHAM_OR_PLACEBO,
    ComparatorClass.USUAL_CARE: ComparatorGroup.USUAL_CARE,
    ComparatorClass.WAITLIST: ComparatorGroup.USUAL_CARE,
    ComparatorClass.NO_TREATMENT: ComparatorGroup.USUAL_CARE,
    ComparatorClass.ACTIVE: ComparatorGroup.ACTIVE,
    ComparatorClass.DOSE: ComparatorGroup.WITHIN_THERAPY,
    ComparatorClass.NONE: ComparatorGroup.NONE,
}

#: Measures that say how well an outcome is foretold.
PREDICTIVE = frozenset(
    {EffectMeasure.AUC, EffectMeasure.SENSITIVITY, EffectMeasure.SPECIFICITY, EffectMeasure.CORRELATION}
)

#: Therapies that are looked at, not given.
TESTS = frozenset({TherapyKind.TESTING, TherapyKind.MONITORING})

#: Designs without a second group.
ONE_GROUP = frozenset(
    {
        StudyDesign.CASE_SERIES,
        StudyDesign.CASE_REPORT,
        StudyDesign.BEFORE_AFTER,
        StudyDesign.N_OF_1,
        StudyDesign.INTERRUPTED_TIME_SERIES,
    }
)

_OPEN = re.compile(
    r"open|unblind|unmask|not blind|not mask|not possible|^none\b|^no\b"
    r"|(participants|patients|patients and therapists) not\b(?! (informed|told|aware))",
    re.IGNORECASE,
)

#: Who was blind, where it is somebody else than those who got the treatment, or where it is not told who.
_OF_OTHERS = re.compile(
    r"assess|evaluat|observer|interviewer|statistic|analyst|single-(blind|mask)|partial|not described", re.IGNORECASE
)
_OF_PEOPLE = re.compile(r"participant|patient|subject|double|triple|quadruple|sham|placebo", re.IGNORECASE)

_NOT_DESCRIBED = re.compile(r"not described|unclear|^none\b|^no\b|not concealed", re.IGNORECASE)

_CHILDREN = re.compile(r"^(children|adolescents|paediatric|pediatric|people younger than (18|21))\b", re.IGNORECASE)

#: How records word that nobody compared the two in one trial.
_INDIRECT = re.compile(
    r"\bindirect(ly)?\b(?! effect)(?!.{0,20}\b(and|or) direct)(?<!direct and indirect)", re.IGNORECASE
)

#: A factorial trial has at least four groups, of which a result may compare two.
_ARMS = re.compile(
    r"\b(third|three|four|five|six|[3-9])[- ](parallel[- ])?(arms?|groups?|armed)\b|\bfactorial\b", re.IGNORECASE
)
#: Two arms, or how people were parted into them (1:1).
_TWO_ARMS = re.compile(
    r"\b(two|2)[- ](parallel[- ])?(arms?|groups?|armed)\b|(?<![:.\d])\d(\.\d+)?:\d(\.\d+)?(?![:.\d])", re.IGNORECASE
)

#: How records part the comparators of several arms.
_EITHER = re.compile(r";|,? or ")

#: How records word it that people were compared with themselves, or with nobody.
_NOBODY = re.compile(r"^(none|baseline|before|no comparator|no control|single[- ](arm|group))\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Result:
    """One finding that may be counted, in the light of the question."""

    finding: Finding
    study: Study
    citation: Citation
    comparison: ComparatorGroup
    #: Whether it foretells instead of comparing treatments.
    predicts: bool
    #: Whether people were compared with nobody else.
    one_group: bool
    #: Whether its report is under an expression of concern.
    concern: bool
    #: Which arm it points to; None where that is not known.
    vote: Favours | None
    #: What it says, its precision taken into account.
    direction: Direction
    #: People in this comparison; None where not reported.
    people: int | None
    #: Whether these are all people of a trial of more than two arms, of which those compared were not told.
    all_arms: bool
    #: Whether it names the therapy (the condition) asked for, not only a narrower one.
    names_therapy: bool
    names_condition: bool
    #: What was worked out of the finding already, whatever the question (``remembered``).
    memory: dict[Any, Any] = field(default_factory=dict[Any, Any], repr=False, compare=False)

    @property
    def responders(self) -> bool:
        """Whether it counts people who reached a threshold."""
        return self.finding.measured is Measured.RESPONDERS

    @property
    def usable(self) -> bool:
        """Whether it says anything about which way."""
        return self.vote is not None or self.direction is not Direction.UNCLEAR

    @property
    @remembered
    def quantified(self) -> int:
        """How much of an effect was printed: 2 with an interval (or all that it is made of), 1 alone, 0 neither."""
        effect = self.finding.effect
        roles = {arm.role for arm in self.finding.arms if _whole(arm)}
        if self.finding.poolable and {ArmRole.INTERVENTION, ArmRole.COMPARATOR} <= roles:
            return 2
        if effect is None or effect.estimate is None:
            return 0
        return 1 if effect.excludes_null is None and not effect.se else 2


@dataclass(frozen=True, slots=True)
class Told:
    """What a finding tells whatever the question; without study or citation nothing, for nobody could follow it."""

    finding: Finding
    study: Study | None = None
    citation: Citation | None = None
    withdrawn: bool = False
    #: What it was compared with, and the therapies among its comparators: they may be forms of the one asked for.
    comparison: ComparatorGroup = ComparatorGroup.NONE
    compared: frozenset[str] = frozenset()
    predicts: bool = False
    one_group: bool = False
    concern: bool = False
    vote: Favours | None = None
    direction: Direction = Direction.UNCLEAR
    people: int | None = None
    all_arms: bool = False
    #: That of every result made of it.
    memory: dict[Any, Any] = field(default_factory=dict[Any, Any], repr=False, compare=False)
    #: The results made of it, by what they are compared with and which names they bear: most questions see it in the
    #: same light. Apart from the memory, which they hold: nothing here is in a cycle, and goes as soon as it is let go.
    seen: dict[tuple[ComparatorGroup, bool, bool], "Result"] = field(
        default_factory=dict[tuple[ComparatorGroup, bool, bool], "Result"], repr=False, compare=False
    )


@dataclass(frozen=True, slots=True)
class Weighed:
    """The findings of a question, parted into those that carry weight and those that were retracted."""

    results: tuple[Result, ...]
    retracted: tuple[Result, ...]

    @property
    def retracted_studies(self) -> tuple[str, ...]:
        """Studies of which nothing carries weight here, because what reports it was retracted."""
        standing = {result.study.id for result in self.results}
        return tuple(sorted({result.study.id for result in self.retracted} - standing))


def weigh(
    evidence: Evidence,
    told: MutableMapping[str, Told] | None = None,
    read: Callable[[Result, Evidence], Result] | None = None,
) -> Weighed:
    """Part the findings by retraction, in the order of their ids.

    ``told``: what findings told already, by id; questions about the same records and vocabulary may share it.
    ``read`` reads more into a result; it may ask of the evidence nothing but the vocabulary, and who shares ``told``
    gives the same one: results are kept there as it read them.

    A finding whose study or citation is not at hand is left out: nobody could follow it to its source.
    """
    standing: list[Result] = []
    withdrawn: list[Result] = []
    unique = {finding.id: finding for finding in evidence.findings}
    therapies = evidence.vocabulary.therapy_tree.narrower(evidence.therapy)
    known: MutableMapping[str, Told] = {} if told is None else told
    for id in sorted(unique):
        one = known.get(id)
        if one is None:
            one = known[id] = _told(unique[id], evidence)
        if one.study is None or one.citation is None:
            continue
        result = _result(one, one.study, one.citation, therapies, evidence, read)
        if one.withdrawn:
            withdrawn.append(result)
        else:
            standing.append(result)
    return Weighed(tuple(standing), tuple(withdrawn))


def study_retracted(study: Study, evidence: Evidence) -> bool:
    """Whether every report of the study is retracted, as far as its reports are at hand."""
    return retracted(study, [evidence.citations[id] for id in study.citations if id in evidence.citations])


def open_label(study: Study) -> bool | None:
    """Whether people knew which treatment they got; None where nothing was read of it.

    That assessors were blind says nothing of those who were treated, nor does "single-blind", which does not say who
    (RoB 2 asks for each apart: Sterne 2019, doi:10.1136/bmj.l4898).
    """
    facts = study.risk_of_bias
    told = (facts.blinding_participants if facts is not None else None) or study.blinding
    if told is None:
        return None
    if _OPEN.search(told) is not None:
        return True
    return None if _OF_OTHERS.search(told) is not None and _OF_PEOPLE.search(told) is None else False


def concealed(study: Study) -> bool | None:
    """Whether the report describes that the allocation was concealed; None where nothing was read of it."""
    told = study.risk_of_bias.allocation_concealment if study.risk_of_bias is not None else None
    return None if told is None else _NOT_DESCRIBED.search(told) is None


def of_children(study: Study) -> bool:
    """Whether everybody in it was a child or a teenager, by the words of its population."""
    told = study.population or ""
    return _CHILDREN.search(told) is not None and not re.search(r"adult", told, re.IGNORECASE)


def indirect(result: Result) -> bool:
    """Whether a review compared the two by way of others, as the record of this very result says."""
    told = f"{result.finding.outcome_as_printed}; {result.finding.note or ''}"
    return result.study.review and _INDIRECT.search(told) is not None


def _compared(finding: Finding, vocabulary: Vocabulary) -> tuple[ComparatorGroup, frozenset[str]]:
    """Say what a result was compared with, whatever the therapy in question, and the therapies among its comparators.

    Where no class was read, the comparators tell it if all are of one kind.
    """
    known = vocabulary.comparators
    comparators = [known[id] for id in finding.comparators if id in known]
    kinds = {GROUPS[comparator.comparator_class] for comparator in comparators}
    if finding.comparator_class not in (None, ComparatorClass.NONE):
        group = GROUPS[finding.comparator_class]
    else:
        group = kinds.pop() if len(kinds) == 1 else ComparatorGroup.NONE
    return group, frozenset(comparator.therapy for comparator in comparators if comparator.therapy is not None)


def predicts(finding: Finding, study: Study, vocabulary: Vocabulary) -> bool:
    """Whether the finding foretells an outcome instead of comparing treatments."""
    if study.design is StudyDesign.PREDICTION or not finding.therapies:
        return True
    if finding.effect is not None and finding.effect.measure in PREDICTIVE:
        return True
    # An association without a comparison of treatments: a marker, a score or a test against an outcome.
    if finding.comparator_class not in (None, ComparatorClass.NONE) or finding.comparators or study.randomised:
        return False
    tested = [vocabulary.therapies[id].kind for id in finding.therapies if id in vocabulary.therapies]
    return bool(finding.markers) or (bool(tested) and all(kind in TESTS for kind in tested))


def _one_group(finding: Finding, study: Study) -> bool:
    if finding.comparator_class not in (None, ComparatorClass.NONE) or finding.comparators:
        return False
    measure = finding.effect.measure if finding.effect is not None else None
    if study.design in ONE_GROUP or measure in (EffectMeasure.SMD_BEFORE_AFTER, EffectMeasure.PROPORTION):
        return True
    return finding.comparator_class is ComparatorClass.NONE and (
        (not study.review and not study.randomised) or _NOBODY.match(study.comparator or "") is not None
    )


def _told(finding: Finding, evidence: Evidence) -> Told:
    study, citation = evidence.studies.get(finding.study), evidence.citations.get(finding.citation)
    if study is None or citation is None:
        return Told(finding)
    vote, direction = _says(finding, study)
    concerned = [citation, *(evidence.citations[id] for id in study.citations if id in evidence.citations)]
    comparison, compared = _compared(finding, evidence.vocabulary)
    return Told(
        finding=finding,
        study=study,
        citation=citation,
        withdrawn=citation.retracted or study_retracted(study, evidence),
        comparison=comparison,
        compared=compared,
        predicts=predicts(finding, study, evidence.vocabulary),
        one_group=_one_group(finding, study),
        concern=any(report.retraction.state is RetractionState.EXPRESSION_OF_CONCERN for report in concerned),
        vote=vote,
        direction=direction,
        people=_people(finding, study),
        all_arms=not _arms_told(finding) and _more_than_two_arms(finding, study),
    )


def _result(
    told: Told,
    study: Study,
    citation: Citation,
    therapies: frozenset[str],
    evidence: Evidence,
    read: Callable[[Result, Evidence], Result] | None,
) -> Result:
    comparison = told.comparison
    # An active comparator that is itself a form of the therapy in question.
    if comparison in (ComparatorGroup.ACTIVE, ComparatorGroup.NONE) and not therapies.isdisjoint(told.compared):
        comparison = ComparatorGroup.WITHIN_THERAPY
    names_therapy = evidence.therapy in told.finding.therapies
    names_condition = evidence.condition in told.finding.conditions
    light = comparison, names_therapy, names_condition
    if (known := told.seen.get(light)) is not None:
        return known
    made = Result(
        finding=told.finding,
        study=study,
        citation=citation,
        comparison=comparison,
        predicts=told.predicts,
        one_group=told.one_group,
        concern=told.concern,
        vote=told.vote,
        direction=told.direction,
        people=told.people,
        all_arms=told.all_arms,
        names_therapy=names_therapy,
        names_condition=names_condition,
        memory=told.memory,
    )
    found = told.seen[light] = made if read is None else read(made, evidence)
    return found


def _says(finding: Finding, study: Study) -> tuple[Favours | None, Direction]:
    # A guideline recommends; it is not a result.
    if study.design is StudyDesign.GUIDELINE:
        return None, Direction.UNCLEAR
    implied = {Direction.BENEFIT: Favours.INTERVENTION, Direction.HARM: Favours.COMPARATOR}.get(finding.direction)
    if finding.favours is None:
        return implied, finding.direction
    if implied is not None and finding.favours is not implied:
        return None, Direction.UNCLEAR
    return finding.favours, finding.direction


def _whole(arm: Arm) -> bool:
    """Whether an arm tells its part of an effect: of how many people how many, or a mean and how far they differ."""
    if not arm.n:
        return False
    share = arm.events is not None or arm.percent is not None
    return share or (arm.mean is not None and (arm.sd is not None or arm.se is not None))


def _arms_told(finding: Finding) -> bool:
    """Whether the people of all arms of the comparison were read."""
    compared = _compared_arms(finding)
    return len(compared) > 1 and all(arm.n is not None and arm.of_people for arm in compared)


def _compared_arms(finding: Finding) -> list[Arm]:
    """The arms that are compared; a third one beside them, that is on neither side, adds nobody (Handbook, 23.3.4)."""
    sided = [arm for arm in finding.arms if arm.role is not None]
    return sided if {ArmRole.INTERVENTION, ArmRole.COMPARATOR} <= {arm.role for arm in sided} else list(finding.arms)


def _more_than_two_arms(finding: Finding, study: Study) -> bool:
    """Whether a trial has other arms than the two that are compared (Cochrane Handbook, 23.3).

    One arm may be several comparators at once (a placebo added to usual care): only one that this result does not name,
    and that the report tells apart, is another arm.
    """
    design = study.design_as_printed or ""
    if study.review or len(finding.arms) > 2 or study.design is StudyDesign.CROSSOVER_RCT:
        return False
    if study.design is StudyDesign.FACTORIAL_RCT or _ARMS.search(design) is not None:
        return True
    several = len(study.comparators) > 1 and not set(study.comparators) <= set(finding.comparators)
    return several and _TWO_ARMS.search(design) is None and _EITHER.search(study.comparator or ";") is not None


def _people(finding: Finding, study: Study) -> int | None:
    """People in the comparison: those of its arms, never more than took part in the study."""
    if study.review and finding.pooled_participants is not None:
        return finding.pooled_participants or None
    numbers = [arm.n for arm in _compared_arms(finding) if arm.n is not None]
    if not _arms_told(finding):
        # A review's own total counts people of other results too.
        return None if study.review else study.participants or None
    # In a crossover trial the same people are in every arm.
    counted = max(numbers) if study.design is StudyDesign.CROSSOVER_RCT else sum(numbers)
    if study.participants is not None and not study.review:
        counted = min(counted, study.participants)
    return counted or None
