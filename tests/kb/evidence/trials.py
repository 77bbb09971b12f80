"""Small made-up trials, reviews and a small vocabulary, for tests of the rules of evidence."""

from collections.abc import Iterable
from typing import Any

from kb.evidence.evidence import Evidence, Vocabulary
from kb.evidence.rollup import Hierarchy
from schema.citation import Citation, Retraction
from schema.comparator import Comparator
from schema.condition import Condition
from schema.effect import Arm, Effect
from schema.finding import Finding, finding_id
from schema.names import Label
from schema.outcome import Outcome
from schema.study import Study
from schema.terms import (
    ArmRole,
    Better,
    ComparatorClass,
    ConditionKind,
    Direction,
    EffectMeasure,
    Favours,
    Language,
    Measured,
    OutcomeDomain,
    RetractionState,
    StudyDesign,
    TherapyKind,
)
from schema.therapy import Therapy

_THERAPIES: dict[str, tuple[str, tuple[str, ...], TherapyKind]] = {
    "neuromodulation": ("Neuromodulation", (), TherapyKind.DEVICE),
    "tens": ("TENS", ("neuromodulation",), TherapyKind.DEVICE),
    "tens-high": ("High-frequency TENS", ("tens",), TherapyKind.DEVICE),
    "scs": ("Spinal cord stimulation", ("neuromodulation",), TherapyKind.DEVICE),
    "opioids": ("Opioids", (), TherapyKind.MEDICATION),
    "exercise": ("Exercise", (), TherapyKind.PHYSICAL),
    "risk-score": ("Risk score", (), TherapyKind.TESTING),
}
_CONDITIONS: dict[str, tuple[str, tuple[str, ...], ConditionKind]] = {
    "chronic-pain": ("Chronic pain", (), ConditionKind.CHRONIC_PAIN),
    "osteoarthritis": ("Osteoarthritis", ("chronic-pain",), ConditionKind.MUSCULOSKELETAL),
    "knee-osteoarthritis": ("Knee osteoarthritis", ("osteoarthritis",), ConditionKind.MUSCULOSKELETAL),
    "hip-osteoarthritis": ("Hip osteoarthritis", ("osteoarthritis",), ConditionKind.MUSCULOSKELETAL),
    "fibromyalgia": ("Fibromyalgia", ("chronic-pain",), ConditionKind.CHRONIC_PAIN),
    "depression": ("Depression", (), ConditionKind.MENTAL_HEALTH),
    "insomnia": ("Insomnia", (), ConditionKind.SLEEP),
    "opioid-use": ("Opioid use", (), ConditionKind.SUBSTANCE_USE),
}
_OUTCOMES: dict[str, tuple[str, OutcomeDomain, Better, tuple[str, ...]]] = {
    "pain-intensity": ("Pain intensity", OutcomeDomain.PAIN, Better.LOWER, ()),
    "worst-pain": ("Worst pain", OutcomeDomain.PAIN, Better.LOWER, ("pain-intensity",)),
    "experimental-pain": ("Pain from a test stimulus", OutcomeDomain.PAIN, Better.LOWER, ()),
    "pain-relief-50": ("Pain relief of at least 50 %", OutcomeDomain.PAIN, Better.HIGHER, ()),
    "physical-function": ("Physical function", OutcomeDomain.PHYSICAL_FUNCTION, Better.HIGHER, ()),
    "depression": ("Depressive symptoms", OutcomeDomain.EMOTIONAL_FUNCTION, Better.LOWER, ()),
    "sleep-quality": ("Sleep quality", OutcomeDomain.SLEEP, Better.HIGHER, ()),
    "opioid-misuse": ("Opioid misuse", OutcomeDomain.OPIOID_USE, Better.LOWER, ()),
    "adverse-events": ("Adverse events", OutcomeDomain.SYMPTOMS_AND_ADVERSE_EVENTS, Better.LOWER, ()),
}
_COMPARATORS: dict[str, tuple[str, ComparatorClass, str | None]] = {
    "sham": ("Sham treatment", ComparatorClass.SHAM, None),
    "usual-care": ("Usual care", ComparatorClass.USUAL_CARE, None),
    "exercise": ("Exercise", ComparatorClass.ACTIVE, "exercise"),
    "tens": ("TENS", ComparatorClass.ACTIVE, "tens"),
    "component-alone": ("One part of the combined treatment alone", ComparatorClass.ACTIVE, None),
}

#: Spanish names with their articles, by the English one; what is missing has none.
_SPANISH: dict[str, tuple[str, str]] = {
    "TENS": ("TENS", "la"),
    "Spinal cord stimulation": ("Estimulación de la médula espinal", "la"),
    "Opioids": ("Opioides", "los"),
    "Exercise": ("Ejercicio", "el"),
    "Osteoarthritis": ("Artrosis", "la"),
    "Knee osteoarthritis": ("Artrosis de rodilla", "la"),
    "Hip osteoarthritis": ("Artrosis de cadera", "la"),
    "Opioid misuse": ("Uso indebido de opioides", "el"),
    "Depressive symptoms": ("Síntomas depresivos", "los"),
    "Adverse events": ("Efectos adversos", "los"),
}


def _labels(name: str) -> tuple[Label, ...]:
    if name not in _SPANISH:
        return ()
    spanish, article = _SPANISH[name]
    return (Label(language=Language.ES, name=spanish, article=article),)


def vocabulary() -> Vocabulary:
    """Return a vocabulary of seven therapies, eight conditions, nine outcomes and five comparators."""
    therapies = {
        id: Therapy(id=id, name=name, kind=kind, broader=broader, sentence=name, labels=_labels(name))
        for id, (name, broader, kind) in _THERAPIES.items()
    }
    conditions = {
        id: Condition(id=id, name=name, kind=kind, broader=broader, sentence=name, labels=_labels(name))
        for id, (name, broader, kind) in _CONDITIONS.items()
    }
    outcomes = {
        id: Outcome(id=id, name=name, domain=domain, better=better, broader=broader, labels=_labels(name))
        for id, (name, domain, better, broader) in _OUTCOMES.items()
    }
    comparators = {
        id: Comparator(id=id, name=name, comparator_class=kind, therapy=therapy, labels=_labels(name))
        for id, (name, kind, therapy) in _COMPARATORS.items()
    }
    return Vocabulary(
        therapies,
        conditions,
        outcomes,
        comparators,
        {},
        Hierarchy({id: therapy.broader for id, therapy in therapies.items()}),
        Hierarchy({id: condition.broader for id, condition in conditions.items()}),
        Hierarchy({id: outcome.broader for id, outcome in outcomes.items()}),
    )


def citation(id: str, state: RetractionState = RetractionState.NONE_FOUND, year: int = 2020) -> Citation:
    """Return a report of the study of the same id."""
    return Citation(id=f"local:{id}", title=f"Report of {id}", year=year, retraction=Retraction(state=state))


def study(id: str, **fields: Any) -> Study:
    """Return a randomised trial with 200 people, reported in the citation of the same id."""
    fields = {"design": StudyDesign.RCT, "participants": 200, "citations": (f"local:{id}",)} | fields
    return Study(id=id, name=id.capitalize(), **fields)


def review(id: str, **fields: Any) -> Study:
    """Return a meta-analysis, reported in the citation of the same id."""
    return study(id, **({"design": StudyDesign.META_ANALYSIS, "participants": None} | fields))


def finding(study_id: str, direction: Direction = Direction.BENEFIT, **fields: Any) -> Finding:
    """Return a result for pain intensity of TENS against sham in knee osteoarthritis after eight weeks.

    A benefit or harm comes with the p that shows it.
    """
    favours = {Direction.BENEFIT: Favours.INTERVENTION, Direction.HARM: Favours.COMPARATOR}.get(direction)
    fields = {
        "citation": f"local:{study_id}",
        "locus": "abstract",
        "therapies": ("tens",),
        "conditions": ("knee-osteoarthritis",),
        "comparators": ("sham",),
        "comparator_class": ComparatorClass.SHAM,
        "outcomes": ("pain-intensity",),
        "outcome_as_printed": "pain",
        "domain": OutcomeDomain.PAIN,
        "measured": Measured.FINAL,
        "timepoint_days": 56,
        "effect": None if favours is None else Effect(p="<0.05", unit="points"),
        "favours": favours,
        "direction": direction,
    } | fields
    parts = (repr(sorted((name, repr(value)) for name, value in fields.items())),)
    return Finding(id=finding_id(study_id, *parts), study=study_id, **fields)


def arms(n: int, other: int | None = None, **fields: Any) -> tuple[Arm, Arm]:
    """Return two arms of n people each (or n and ``other``)."""
    return (
        Arm(name="therapy", role=ArmRole.INTERVENTION, n=n, **fields),
        Arm(name="comparator", role=ArmRole.COMPARATOR, n=n if other is None else other, **fields),
    )


def smd(estimate: float, low: float, high: float) -> Effect:
    """Return a standardised mean difference with its 95 % interval."""
    return Effect(
        measure=EffectMeasure.SMD, estimate=estimate, ci_low=low, ci_high=high, level=95, unit="standard deviations"
    )


def evidence(
    findings: Iterable[Finding],
    *more: Study | Citation,
    therapy: str = "tens",
    condition: str = "knee-osteoarthritis",
) -> Evidence:
    """Return the evidence for a pair: the findings, with a trial and a citation made for each study not given."""
    found = tuple(findings)
    studies = {record.id: record for record in more if isinstance(record, Study)}
    citations = {record.id: record for record in more if isinstance(record, Citation)}
    for one in found:
        studies.setdefault(one.study, study(one.study))
    for one in studies.values():
        for id in one.citations:
            citations.setdefault(id, citation(id.removeprefix("local:")))
    return Evidence(therapy, condition, vocabulary(), found, studies, citations)
