"""Gaps: the core outcome domains of chronic pain trials of which an answer says nothing, or nothing sure.

The domains are the six that IMMPACT names as core (Turk 2003, doi:10.1016/j.pain.2003.08.001). A line that foretells,
that compares forms of one therapy or that has no comparison at all does not tell whether the therapy works for the
domain, and so does not close its gap. For adverse events it is enough that a study reports any, in a report that was
not retracted (rule 3).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from kb.evidence.harms import stands
from schema.citation import Citation
from schema.study import Study
from schema.summary import Line, Summary
from schema.terms import Certainty, ComparatorGroup, GapKind, OutcomeDomain, Synthesis

CORE_DOMAINS = (
    OutcomeDomain.PAIN,
    OutcomeDomain.PHYSICAL_FUNCTION,
    OutcomeDomain.EMOTIONAL_FUNCTION,
    OutcomeDomain.GLOBAL_IMPROVEMENT,
    OutcomeDomain.SYMPTOMS_AND_ADVERSE_EVENTS,
    OutcomeDomain.DISPOSITION,
)

#: From the highest down.
_CERTAINTIES = tuple(Certainty)
_LOW = frozenset({Certainty.LOW, Certainty.VERY_LOW})
_NO_COMPARISON = frozenset({ComparatorGroup.WITHIN_THERAPY, ComparatorGroup.NONE})


@dataclass(frozen=True, slots=True)
class Gap:
    """One open question. ``domain`` None: every domain, because no study is held."""

    therapy: str
    condition: str
    domain: OutcomeDomain | None
    kind: GapKind
    #: The best certainty of the domain, where it was measured.
    certainty: Certainty | None
    #: Studies that measured it.
    studies: tuple[str, ...] = ()
    #: Registered trials of the pair that are under way: the gap may close by itself.
    trials: tuple[str, ...] = ()


def gaps_of(summary: Summary, studies: Iterable[Study], citations: Mapping[str, Citation]) -> Iterator[Gap]:
    """Yield the gaps of one answer, in the order of the domains.

    ``studies``: those that carry the answer; ``citations``: what their harms were read in, by id.
    """
    harms = any(stands(harm, citations) for study in studies for harm in study.harms)
    for domain in CORE_DOMAINS:
        lines = [line for line in summary.lines if line.domain is domain and _tells(line)]
        told = tuple(sorted({study for line in lines for study in line.studies}))
        if lines:
            best = min((line.certainty for line in lines), key=_CERTAINTIES.index)
            if best in _LOW:
                yield Gap(summary.therapy, summary.condition, domain, GapKind.LOW_CERTAINTY, best, told)
        elif not (domain is OutcomeDomain.SYMPTOMS_AND_ADVERSE_EVENTS and harms):
            yield Gap(summary.therapy, summary.condition, domain, GapKind.NOT_MEASURED, None)


def _tells(line: Line) -> bool:
    return line.synthesis is not Synthesis.NONE and not line.predicts and line.comparator not in _NO_COMPARISON
