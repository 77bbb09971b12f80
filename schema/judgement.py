"""Judgement: what a named reviewer judges of the certainty of one line of an answer, with the reason."""

from hashlib import sha256
from typing import Annotated, ClassVar, Self

import orjson
from pydantic import Field, model_validator

from schema.ids import Slug
from schema.record import Record, Ref
from schema.terms import CertaintyReason, ComparatorGroup, OutcomeDomain, TimeWindow

#: Reasons that raise a certainty; the others lower it.
RAISING = frozenset({CertaintyReason.LARGE_EFFECT, CertaintyReason.DOSE_RESPONSE, CertaintyReason.OPPOSING_CONFOUNDING})


class Judgement(Record):
    """What a reviewer judges of the certainty of one line, in place of what the rules computed for that reason.

    The line is named by therapy, condition, outcome domain, comparator, time window, and what sets it apart there.
    Without a ``reason`` it confirms the rating as it was computed. The newest one for a reason counts; all are kept.
    """

    label: ClassVar[str] = "Judgement"

    id: str
    therapy: Annotated[Slug, Ref("Therapy", "JUDGED_FOR")]
    condition: Annotated[Slug, Ref("Condition", "JUDGED_IN")]
    domain: OutcomeDomain
    comparator: ComparatorGroup
    window: TimeWindow
    responders: bool = False
    outcome: Annotated[Slug | None, Ref("Outcome", "JUDGED_ON")] = None
    reason: CertaintyReason | None = None
    #: Levels down (negative) or up; 0 where the reviewer finds nothing to lower or to raise.
    levels: int = Field(default=0, ge=-2, le=2)
    why: str = Field(min_length=1)
    who: str = Field(min_length=1)
    #: Whether the reviewer is a clinician: nothing is shown as reviewed by one unless one did.
    clinician: bool = False
    #: ISO 8601 date.
    when: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")

    @model_validator(mode="after")
    def _levels_fit_the_reason(self) -> Self:
        if self.reason is None and self.levels:
            raise ValueError("levels need the reason for which they are taken or given")
        if self.reason in RAISING and self.levels < 0:
            raise ValueError(f"{self.reason} raises a certainty; its levels are 0 to 2")
        if self.reason is not None and self.reason not in RAISING and self.levels > 0:
            raise ValueError(f"{self.reason} lowers a certainty; its levels are -2 to 0")
        return self


def judgement_id(judgement: Judgement) -> str:
    """Return the id of a judgement: its pair and a hash of its line, reason, reviewer and date."""
    line = (judgement.domain, judgement.comparator, judgement.window, judgement.responders, judgement.outcome)
    parts = orjson.dumps([*line, judgement.reason, judgement.who, judgement.when])
    return f"{judgement.therapy}|{judgement.condition}|{sha256(parts).hexdigest()[:12]}"
