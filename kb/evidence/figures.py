"""Figures in words: what an answer means in points of a scale, and for 100 people, and whether that is little.

**Slight** is a benefit or harm whose mean is less than the smallest difference of interest (``precision``) and, as far
as that is known, less than half a standard deviation: of a difference between groups the least that one patient
notices says too little alone (IMMPACT, Dworkin). GRADE's informative statements tell the size of an effect together
with its certainty (Santesso 2020, doi:10.1016/j.jclinepi.2019.10.014).
"""

from collections.abc import Sequence
from math import sqrt

from kb.evidence.catalogue import Catalogue
from kb.evidence.comparable import comparable, scale_of
from kb.evidence.distributions import two_sided_quantile
from kb.evidence.evidence import Evidence
from kb.evidence.intervals import Openness, interval_of, openness, spread_of
from kb.evidence.phrases import Said, basis_of, closed, comparators_of, names_of, still_in_pain, when
from kb.evidence.pools import bounds
from kb.evidence.precision import SD_LARGE
from kb.evidence.synthesis import Answer
from schema.effect import RATIOS, Effect
from schema.terms import Better, Certainty, Direction, EffectMeasure, OutcomeDomain, Synthesis


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


def _points(line: Said, evidence: Evidence, words: Catalogue) -> str | None:
    answer = line.answer
    if line.key.responders or answer.direction not in (Direction.BENEFIT, Direction.HARM):
        return None
    found = _difference(answer, evidence)
    if found is None:
        return None
    (low, high), (size, least, most) = found
    points = words.points_better if answer.direction is Direction.BENEFIT else words.points_worse
    ends = {"low": low, "high": high, "least": least, "most": most}
    return words.on_scale.format(points=points(size), **{name: words.decimal(value) for name, value in ends.items()})


def _difference(answer: Answer, evidence: Evidence) -> tuple[tuple[float, float], tuple[float, float, float]] | None:
    """Return the ends of the scale, and a mean difference on it with its interval, turned to be positive."""
    pooled = answer.pool.pooled
    if answer.synthesis is Synthesis.POOLED and pooled is not None:
        if pooled.measure is not EffectMeasure.MD or pooled.scale_low is None or pooled.scale_high is None:
            return None
        low, high = sorted((abs(pooled.ci_low), abs(pooled.ci_high)))
        return (pooled.scale_low, pooled.scale_high), (abs(pooled.estimate), low, high)
    if answer.synthesis is not Synthesis.SINGLE_STUDY:
        return None
    result = answer.counted[0]
    one = comparable(result, EffectMeasure.MD, evidence)
    if isinstance(one, str) or one.scale is None or one.scale.low is None or one.scale.high is None:
        return None
    size, reach = abs(one.estimate), two_sided_quantile(95) * sqrt(one.variance)
    low, high = size - reach, size + reach
    # The study's own interval stands beside the sentence: its model may know more than the arms tell.
    printed = result.finding.effect
    if printed is not None and _own(printed) and scale_of(result, printed.unit, evidence) == one.scale:
        size = abs(printed.estimate or 0.0)
        low, high = sorted((abs(printed.ci_low or 0.0), abs(printed.ci_high or 0.0)))
        if not printed.excludes_null:
            return None
    return ((one.scale.low, one.scale.high), (size, low, high)) if low > 0 else None


def _own(printed: Effect) -> bool:
    """Whether a study printed a mean difference with its 95 % interval."""
    ends = (printed.estimate, printed.ci_low, printed.ci_high)
    confident = printed.level == 95 and printed.interval != "credible"
    return printed.measure is EffectMeasure.MD and confident and None not in ends


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
