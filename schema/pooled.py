"""Pooled: a meta-analysis of the studies of one line, with what went into it and what did not; absolute numbers.

What an effect means for 100 people, and how far reviews rest on the same trials, stand here too.
"""

from schema.record import Part
from schema.terms import Better, EffectMeasure


class PooledStudy(Part):
    """One study as it went into a pool: on the pool's scale and turned to the pool's direction."""

    study: str
    finding: str
    estimate: float
    ci_low: float
    ci_high: float
    #: Share of the pool in per cent.
    weight: float
    #: Where the numbers come from, and what had to be done to them.
    source: str


class NotPooled(Part):
    """One study of a line that is in no pool, and why."""

    study: str
    why: str


class WithoutOne(Part):
    """The pool without one study."""

    study: str
    estimate: float
    ci_low: float
    ci_high: float
    #: In per cent.
    i2: float | None = None


class Subgroup(Part):
    """The pool of a part of the studies. Differences between parts are observations, not comparisons by chance."""

    #: What the parts are made by (the comparator, or a fact read of the risk of bias), and this part.
    by: str
    name: str
    k: int
    estimate: float
    ci_low: float
    ci_high: float
    #: p of the test that the parts differ, the same for all parts.
    difference_p: float | None = None


class Pooled(Part):
    """The mean of several studies of one line, all of one outcome, measure, comparator class and time window.

    Therapy minus comparator (over comparator, for ratios); ``better`` says which way of it is good for the patient.
    Ratios and their intervals are ratios; their τ² is that of the logarithms.
    """

    measure: EffectMeasure
    unit: str
    #: Ends of the scale of a mean difference, where known.
    scale_low: float | None = None
    scale_high: float | None = None
    better: Better
    #: Studies, and the people in them; None where a study does not report them.
    k: int
    people: int | None = None
    estimate: float
    ci_low: float
    ci_high: float
    #: Level of all intervals in per cent.
    level: float = 95
    p: float
    tau2: float | None = None
    tau2_low: float | None = None
    tau2_high: float | None = None
    #: In per cent.
    i2: float | None = None
    q: float | None = None
    q_p: float | None = None
    #: Where the effect of a new study would lie; from three studies on.
    prediction_low: float | None = None
    prediction_high: float | None = None
    #: How it was computed, in words, and what to know of it.
    method: str
    notes: tuple[str, ...] = ()
    #: The smallest difference that matters, on the same scale (for a ratio: the lower bound), and where it is from.
    important: float | None = None
    important_source: str | None = None
    studies: tuple[PooledStudy, ...]
    leave_one_out: tuple[WithoutOne, ...] = ()
    subgroups: tuple[Subgroup, ...] = ()
    #: p of the regression of effects on their standard errors, from ten studies on, and whether small studies look
    #: better than large ones.
    small_study_p: float | None = None
    small_studies_better: bool | None = None


class Absolute(Part):
    """What an effect means for 100 people like those in the studies."""

    #: Of 100 people: with the comparator, and with the therapy (with its interval).
    with_comparator: float
    with_therapy: float
    therapy_low: float
    therapy_high: float
    better: Better
    #: Risk difference in percentage points, therapy minus comparator.
    difference: float
    difference_low: float
    difference_high: float
    #: People to treat for one more to benefit (to be harmed, where ``harm``); None where the interval holds no
    #: difference: then no such number exists (Altman 1998, doi:10.1136/bmj.317.7168.1309).
    nnt: float | None = None
    nnt_low: float | None = None
    nnt_high: float | None = None
    harm: bool = False
    #: What the comparator's number was taken from.
    source: str


class HarmDifference(Part):
    """How often one unwanted event was told in the two arms of one study, and the difference."""

    study: str
    event: str
    citation: str
    #: People with the event, and all, with the therapy and with the comparator.
    events: int
    n: int
    comparator_events: int
    comparator_n: int
    #: Therapy minus comparator in percentage points, with the 95 % interval.
    difference: float
    difference_low: float
    difference_high: float


class Overlap(Part):
    """How far the reviews of one answer rest on the same trials, as far as we hold the lists of those.

    The corrected covered area: 0 where no trial is in two reviews, 100 where all are in all (Pieper 2014,
    doi:10.1016/j.jclinepi.2013.11.007).
    """

    reviews: int
    #: Distinct trials, and how often they are included in all.
    trials: int
    inclusions: int
    #: In per cent.
    corrected_covered_area: float
