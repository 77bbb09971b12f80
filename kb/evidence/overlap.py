"""Overlap: how far the reviews of an answer rest on the same trials (rule 2)."""

from collections.abc import Iterable

from schema.pooled import Overlap
from schema.study import Study


def overlap(studies: Iterable[Study]) -> Overlap | None:
    """Return the overlap of those reviews whose trials we hold; None for fewer than two of them.

    CCA = (inclusions - trials) / (trials × reviews - trials), Pieper 2014. It knows the trials we hold, no others.
    """
    lists = [set(study.includes) for study in studies if study.review and study.includes]
    if len(lists) < 2:
        return None
    trials = len(set[str]().union(*lists))
    inclusions = sum(map(len, lists))
    area = (inclusions - trials) / (trials * len(lists) - trials)
    return Overlap(reviews=len(lists), trials=trials, inclusions=inclusions, corrected_covered_area=100 * area)
