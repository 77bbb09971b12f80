"""Synthesis: how the results of one line become one answer (rules 2 and 4).

**Which studies.** Within a line the best kind of study speaks: randomised trials where there are any, else controlled
studies without randomisation, else studies of one group. Beside a pool the others are named, with the reason.

**Reviews and trials stay apart.** Several reviews are never added up, and a review is never added to trials: their
trials overlap. The review that speaks is the one with a pairwise comparison (a network only when there is nothing
else), not under an expression of concern, about the condition and the therapy asked for rather than a narrower one,
with an effect and interval, most pooled studies, most people, the newest; then the id. It gives the answer
(:attr:`Synthesis.REVIEW_CONCLUSION`) when it pools at least as many studies as we hold of our own in the line; where
the number of its studies is not known, when it rests on at least as many people, or when we hold at most one study.
Else the studies that we hold give the answer. They do so, too, where a review is under an expression of concern, and
where it is *out of date*: randomised trials of a later year that it does not hold have more people than it pooled
(Garner 2016, doi:10.1136/bmj.i3507: new trials that would change the answer make a review out of date).

**One study** answers with its own direction.

**A pool** (``pools``) answers where at least two studies can be pooled, they are more than half of those in the line,
and its interval settles the matter. Where it does not, a pool of five or more answers all the same: mixed, where the
studies are mixed too and differ substantially, else unclear. Fewer than five are then counted by their direction, for
the interval of very few studies is too wide to tell (Bender 2018, doi:10.1002/jrsm.1297).

**Several studies** that are not pooled are counted by the direction of their effect, never by significance (Cochrane
Handbook, chapter 12: McKenzie 2022). *Known* studies are those that say which way, or that there is no difference. In
this order:

1. Unclear, where none is known, or fewer than half are.
2. Where exactly one is known, its direction.
3. Benefit, where the two-sided exact sign test of those that favour the therapy against those that favour the
   comparator gives p ≤ 0.05 and more favour the therapy. Harm mirrored.
4. Benefit, where all of two or more known studies favour the therapy and at least half show benefit of their own,
   their precision taken into account. Harm mirrored.
5. Benefit, where more than half of the known studies show benefit of their own, none shows harm, and at most a
   quarter favour the comparator. Harm mirrored.
   Neither 4 nor 5 where those that show it are known to have fewer people than those that found no difference:
   counting by direction alone does not heed that studies differ in size (Handbook, 12.2.1.3).
6. Mixed, where some study shows benefit, harm or mixed results of its own.
7. No difference, where at least half of the known studies found none.
8. Unclear: points without precision that lean neither way.

The sign test treats studies as draws from one distribution, which they are not (Nikolakopoulos 2020,
doi:10.1002/jrsm.1427): it is shown as a figure, and a certainty never rests on it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from kb.evidence.distributions import even_split_tail
from kb.evidence.evidence import Evidence
from kb.evidence.lines import one_per_study
from kb.evidence.pools import Pool, pool_results, settled
from kb.evidence.results import ONE_GROUP, Result
from schema.effect import Effect
from schema.pooled import NotPooled
from schema.terms import Direction, Favours, StudyDesign, Synthesis

#: Why studies of a lesser kind are not pooled with the others.
NOT_RANDOMISED = "not randomised, and there are randomised trials"
ONE_GROUP_ALONE = "without a comparison group, and there are studies that have one"

#: Level of the sign test.
ALPHA = 0.05

#: Studies below which there are very few (Bender 2018).
VERY_FEW = 5

#: Per cent of I² from which studies that point different ways differ substantially (Cochrane Handbook, 10.10.2).
APART_I2 = 50


@dataclass(frozen=True, slots=True)
class Answer:
    """What the results of a line say together, and which of them say it."""

    synthesis: Synthesis
    direction: Direction
    #: The results that carry the answer, one per study, those with most people first.
    counted: tuple[Result, ...]
    favouring: int
    against: int
    sign_test_p: float | None
    #: The printed effect, where one result gives the answer.
    effect: Effect | None
    #: People in the studies that report them; None where none does, and how many studies do not.
    people: int | None
    people_unknown: int
    #: Names of other reviews of the line that say another direction than the one that speaks.
    otherwise: tuple[str, ...] = ()
    #: The pool of the line's studies, whether it gives the answer or stands beside it.
    pool: Pool = field(default_factory=Pool)


def synthesise(results: Sequence[Result], evidence: Evidence, *, whole: bool = True) -> Answer:
    """Return the answer of one line; without ``whole`` its pool is the bare one (``pools``)."""
    chosen = one_per_study(results, evidence)
    own = _best_kind([result for result in chosen if not result.study.review])
    found = _spoken(chosen, own)
    pool = pool_results(own, evidence, whole=whole) if len(own) > 1 else Pool()
    answer = replace(found, pool=_with_other_kinds(pool, chosen, own))
    pooled = pool.pooled
    if found.synthesis is not Synthesis.DIRECTION_OF_EFFECT or pooled is None or 2 * pooled.k <= len(own):
        return answer
    direction = settled(pooled)
    if direction is None:
        if pooled.k < VERY_FEW:
            return answer
        apart = found.direction is Direction.MIXED and (pooled.i2 or 0) >= APART_I2
        direction = Direction.MIXED if apart else Direction.UNCLEAR
    return replace(answer, synthesis=Synthesis.POOLED, direction=direction)


def _with_other_kinds(pool: Pool, chosen: Sequence[Result], own: Sequence[Result]) -> Pool:
    """Name beside a pool, or what stands in its way, the studies of another kind than the one that speaks."""
    speaking = {result.study.id for result in own}
    others = [result.study.id for result in chosen if not result.study.review and result.study.id not in speaking]
    if not others or pool == Pool():
        return pool
    why = NOT_RANDOMISED if own[0].study.randomised else ONE_GROUP_ALONE
    left = (*pool.left_out, *(NotPooled(study=id, why=why) for id in others))
    return replace(pool, left_out=tuple(sorted(left, key=lambda one: one.study)))


def _spoken(chosen: Sequence[Result], own: Sequence[Result]) -> Answer:
    """Return the answer without pooling; ``own``: the studies of our own that speak."""
    reviews = [result for result in chosen if result.study.review]
    review = best_review(reviews, nothing_else=not _usable(own))
    if review is not None and (not _usable(own) or _speaks_for(review, own)):
        return replace(_answer((review,), Synthesis.REVIEW_CONCLUSION), otherwise=_otherwise(review, reviews))
    if not own:
        # Reviews that do not say which way, if anything.
        return _answer(chosen, Synthesis.NONE)
    if not _usable(own):
        return _answer(own, Synthesis.NONE)
    return _answer(own, Synthesis.SINGLE_STUDY if len(own) == 1 else Synthesis.DIRECTION_OF_EFFECT)


def best_review(reviews: Sequence[Result], *, nothing_else: bool) -> Result | None:
    """Return the review that speaks for the others; a network meta-analysis only where there is nothing else."""
    usable = [review for review in reviews if review.direction is not Direction.UNCLEAR]
    pairwise = [review for review in usable if review.study.design is not StudyDesign.NMA]
    candidates = pairwise or (usable if nothing_else else [])

    def order(review: Result) -> tuple[object, ...]:
        return (
            review.concern,
            not review.names_condition,
            not review.names_therapy,
            review.quantified < 2,
            -(pooled_studies(review) or 0),
            -(review.people or 0),
            -(review.citation.year or 0),
            review.finding.id,
        )

    return min(candidates, key=order, default=None)


def _otherwise(speaking: Result, reviews: Sequence[Result]) -> tuple[str, ...]:
    """Names of the other reviews with a pairwise comparison that say another direction."""
    say = (Direction.BENEFIT, Direction.HARM, Direction.NO_DIFFERENCE)
    return tuple(
        sorted(
            other.study.name
            for other in reviews
            if other.study.design is not StudyDesign.NMA
            and other.direction in say
            and other.direction is not speaking.direction
        )
    )


def pooled_studies(review: Result) -> int | None:
    """How many studies stand behind a review's result; None where neither that nor a list of them was read."""
    if review.finding.pooled_studies is not None:
        return review.finding.pooled_studies or None
    return max(len(review.study.includes), len(review.study.includes_as_printed)) or None


def direction_of(results: Sequence[Result]) -> Direction:
    """Return the direction of several studies by the rules above, in their order."""
    known = [result for result in results if result.usable]
    if not known or 2 * len(known) < len(results):
        return Direction.UNCLEAR
    if len(known) == 1:
        return known[0].direction
    votes = Counter(result.vote for result in known)
    own = Counter(result.direction for result in known)
    favouring, against = votes[Favours.INTERVENTION], votes[Favours.COMPARATOR]
    p = sign_test(favouring, against)
    if p is not None and p <= ALPHA:
        return Direction.BENEFIT if favouring > against else Direction.HARM
    for good, bad, yes, no in (
        (Direction.BENEFIT, Direction.HARM, favouring, against),
        (Direction.HARM, Direction.BENEFIT, against, favouring),
    ):
        shown, same = _people(known, good), _people(known, Direction.NO_DIFFERENCE)
        if shown is not None and same is not None and shown < same:
            continue
        if yes == len(known) and 2 * own[good] >= len(known):
            return good
        if 2 * own[good] > len(known) and not own[bad] and 4 * no <= len(known):
            return good
    if own[Direction.BENEFIT] or own[Direction.HARM] or own[Direction.MIXED]:
        return Direction.MIXED
    return Direction.NO_DIFFERENCE if 2 * own[Direction.NO_DIFFERENCE] >= len(known) else Direction.UNCLEAR


def _people(results: Sequence[Result], direction: Direction) -> int | None:
    """People in the studies that say so; None where one of these does not report them."""
    numbers = [result.people for result in results if result.direction is direction]
    return None if None in numbers else sum(number for number in numbers if number is not None)


def sign_test(favouring: int, against: int) -> float | None:
    """Return the p of the two-sided exact sign test against an even split; None without any study."""
    total = favouring + against
    if not total:
        return None
    return min(1.0, 2 * even_split_tail(min(favouring, against), total))


def _usable(results: Sequence[Result]) -> bool:
    return any(result.usable for result in results)


def _best_kind(results: list[Result]) -> list[Result]:
    for kind in (
        [result for result in results if result.study.randomised],
        [result for result in results if result.study.design not in ONE_GROUP],
    ):
        if kind:
            return kind
    return results


def _speaks_for(review: Result, own: Sequence[Result]) -> bool:
    pooled = pooled_studies(review)
    if not own[0].study.randomised:
        return True
    if review.concern or _out_of_date(review, own):
        return False
    if len(own) == 1:
        return True
    if pooled is not None:
        return pooled >= len(own)
    people, ours = review.people, [result.people for result in own if result.people is not None]
    return people is not None and people >= sum(ours)


def _out_of_date(review: Result, own: Sequence[Result]) -> bool:
    """Whether trials of a later year than the review's have more people than it pooled, as far as both are known."""
    year = review.citation.year
    if year is None or review.people is None:
        return False
    later = [
        result.people
        for result in own
        if (result.citation.year or 0) > year
        and result.study.id not in review.study.includes
        and result.usable
        and not result.all_arms
    ]
    return sum(people for people in later if people is not None) > review.people


def _answer(counted: Sequence[Result], synthesis: Synthesis) -> Answer:
    by_weight = sorted(counted, key=lambda result: (-(result.people or 0), result.finding.id))
    votes = Counter(result.vote for result in counted)
    favouring, against = votes[Favours.INTERVENTION], votes[Favours.COMPARATOR]
    known = [result.people for result in counted if result.people is not None]
    several = synthesis is Synthesis.DIRECTION_OF_EFFECT
    direction = Direction.UNCLEAR
    if synthesis is not Synthesis.NONE:
        direction = direction_of(counted) if several else counted[0].direction
    return Answer(
        synthesis=synthesis,
        direction=direction,
        counted=tuple(by_weight),
        favouring=favouring,
        against=against,
        sign_test_p=sign_test(favouring, against) if several else None,
        effect=counted[0].finding.effect if len(counted) == 1 else None,
        people=sum(known) if known else None,
        people_unknown=len(counted) - len(known),
    )
