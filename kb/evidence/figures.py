"""Figures in words: what an answer means in points of a scale, and for 100 people, and whether that is little.

**Slight** is a benefit or harm whose mean is less than the smallest difference of interest (``intervals``) and, as far
as that is known, less than half a standard deviation: of a difference between groups the least that one patient
notices says too little alone (IMMPACT, Dworkin). GRADE's informative statements tell the size of an effect together
with its certainty (Santesso 2020, doi:10.1016/j.jclinepi.2019.10.014).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import TypeGuard

from kb.evidence.catalogue import Catalogue
from kb.evidence.comparable import comparable
from kb.evidence.distributions import two_sided_quantile
from kb.evidence.evidence import Evidence
from kb.evidence.intervals import Openness, interval_of, openness, spread_of
from kb.evidence.phrases import Said, basis_of, closed, comparators_of, names_of, still_in_pain, when
from kb.evidence.pools import bounds
from kb.evidence.precision import SD_LARGE
from kb.evidence.results import Result
from kb.evidence.scales import scale_of
from kb.evidence.synthesis import Answer
from schema.effect import RATIOS, Effect
from schema.terms import Better, Certainty, Direction, EffectMeasure, OutcomeDomain, Synthesis

#: No difference is told with more decimals than these.
MOST_PLACES = 4


def figures(line: Said, evidence: Evidence, words: Catalogue) -> list[str]:
    """What the answer means in points of a scale, and for 100 people; nothing where certainty is very low."""
    if line.rating.certainty is Certainty.VERY_LOW:
        return []
    return [part for part in (_points(line, evidence, words), _of_100(line, evidence, words)) if part]


def is_slight(answer: Answer, evidence: Evidence) -> bool:
    """Whether the means of one result, or of a pool, show less than what matters."""
    pooled = answer.pool.pooled if answer.synthesis is Synthesis.POOLED else None
    if pooled is not None:
        low, high = bounds(pooled)
        if pooled.measure in RATIOS or low is None or high is None:
            return False
        return low < pooled.estimate < high
    if len(answer.counted) != 1 or answer.counted[0].responders:
        return False
    found, told = interval_of(answer.counted[0], evidence), openness(answer.counted[0], evidence)
    if found is None or found.measure in RATIOS or not isinstance(told, Openness) or not told.modest:
        return False
    spread = spread_of(found, answer.counted[0])
    return spread is None or abs(found.middle) < SD_LARGE * spread


@dataclass(frozen=True, slots=True)
class _Difference:
    """A mean difference on a scale, turned to be positive, with its interval, which excludes no difference."""

    scale: tuple[float, float]
    size: float
    least: float
    most: float

    @property
    def places(self) -> int:
        """How many decimals tell it: two on a scale of two points or less; more where the least would read as none."""
        low, high = self.scale
        places = 1 if high - low > 2 else 2
        while places < MOST_PLACES and not round(self.least, places):
            places += 1
        return places


def _points(line: Said, evidence: Evidence, words: Catalogue) -> str | None:
    answer = line.answer
    if line.key.responders or answer.direction not in (Direction.BENEFIT, Direction.HARM):
        return None
    found = _difference(answer, evidence)
    if found is None:
        return None
    points = words.points_better if answer.direction is Direction.BENEFIT else words.points_worse
    ends = {"low": found.scale[0], "high": found.scale[1], "least": found.least, "most": found.most}
    told = {name: words.decimal(value, found.places) for name, value in ends.items()}
    return words.on_scale.format(points=points(found.size, found.places), **told)


def _difference(answer: Answer, evidence: Evidence) -> _Difference | None:
    """Return the mean difference of a pool, a single study or a review; None where it is not on a known scale."""
    pooled, first = answer.pool.pooled, answer.counted[0]
    if answer.synthesis is Synthesis.POOLED and pooled is not None:
        if pooled.measure is not EffectMeasure.MD:
            return None
        return _on(pooled.scale_low, pooled.scale_high, pooled.estimate, pooled.ci_low, pooled.ci_high)
    if answer.synthesis is Synthesis.REVIEW_CONCLUSION and first.finding.poolable:
        return _as_printed(first, evidence)
    if answer.synthesis is not Synthesis.SINGLE_STUDY:
        return None
    one = comparable(first, EffectMeasure.MD, evidence)
    if isinstance(one, str) or one.scale is None:
        return None
    # The study's own interval stands beside the sentence: its model may know more than the arms tell.
    if _prints_difference(first.finding.effect):
        return _as_printed(first, evidence)
    reach = two_sided_quantile(95) * sqrt(one.variance)
    return _on(one.scale.low, one.scale.high, one.estimate, one.estimate - reach, one.estimate + reach)


def _prints_difference(effect: Effect | None) -> TypeGuard[Effect]:
    """Whether a mean difference is printed with its 95 % confidence interval."""
    if effect is None or effect.measure is not EffectMeasure.MD:
        return False
    whole = None not in (effect.estimate, effect.ci_low, effect.ci_high)
    return whole and effect.level == 95 and effect.interval != "credible"


def _as_printed(result: Result, evidence: Evidence) -> _Difference | None:
    effect = result.finding.effect
    if not _prints_difference(effect):
        return None
    scale = scale_of(result, effect.unit, evidence)
    return None if scale is None else _on(scale.low, scale.high, effect.estimate, effect.ci_low, effect.ci_high)


def _on(
    low: float | None, high: float | None, size: float | None, one: float | None, other: float | None
) -> _Difference | None:
    if low is None or high is None or size is None or one is None or other is None or one * other <= 0:
        return None
    least, most = sorted((abs(one), abs(other)))
    return _Difference((low, high), abs(size), least, most)


def _of_100(line: Said, evidence: Evidence, words: Catalogue) -> str | None:
    numbers = line.absolute
    in_pain = still_in_pain(line, evidence)
    reach = words.reach_still_in_pain if in_pain else words.reach.get(line.key.domain)
    bad = in_pain or line.key.domain is OutcomeDomain.SYMPTOMS_AND_ADVERSE_EVENTS
    if numbers is None or reach is None or line.key.outcome is not None or bad != (numbers.better is Better.LOWER):
        return None
    return words.of_100.format(
        **{"with": words.count(round(numbers.with_therapy)), "without": words.count(round(numbers.with_comparator))},
        reach=reach,
        therapy=names_of(evidence, words)["therapy"],
        comparators=comparators_of(line, evidence, words),
    )


def relief(lines: Sequence[Said], evidence: Evidence, words: Catalogue) -> list[str]:
    """How many people got relief, beside a lead that is about means, against the same kind of comparator.

    Where that was measured at another time than the lead, the sentence says when.
    """
    lead = lines[0]
    if lead.key.responders or lead.key.domain is not OutcomeDomain.PAIN or lead.key.outcome is not None:
        return []
    for line in lines[1:]:
        key = line.key
        same = (key.domain, key.outcome, key.comparison) == (lead.key.domain, lead.key.outcome, lead.key.comparison)
        if same and key.responders and not (key.predicts or key.one_group):
            known = line.rating.certainty is not Certainty.VERY_LOW and line.answer.direction is not Direction.UNCLEAR
            text = _of_100(line, evidence, words) if known else None
            if text:
                basis = basis_of(line.answer, words)
                then = when(line, words)
                if then and then != when(lead, words):
                    basis = words.basis_when.format(basis=basis, when=then)
                return [closed(words, f"{text} ({basis})")]
    return []
