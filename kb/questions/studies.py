"""Studies by what they studied and how the treatment was given."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kb.errors import UsageError
from kb.questions.paging import Page, PageRequest, page_of
from kb.questions.questions import Questions
from kb.questions.summaries import answers_of
from schema.dose import Dose, Sham, Span
from schema.study import Study
from schema.terms import Guidance, Leukocytes, ShamKind, StudyDesign, Term, Waveform

_CONDITION = re.compile(r"\s*(?P<field>[a-zA-Z_]+)\s*(?P<sign>>=|<=|=)\s*(?P<value>.+?)\s*")


@dataclass(frozen=True, slots=True)
class Limits:
    """At least ``least`` and at most ``most``, both included; None sets no limit."""

    least: float | None = None
    most: float | None = None


#: What is asked of one field of a dose: limits of a number, a controlled term (of the sham: its kind), part of a
#: device's name, or yes and no.
Wanted = Limits | Term | str | bool


#: Fields of a dose that are no span: how each is asked for.
_OTHERS: dict[str, type[Term] | type[str] | type[bool]] = {
    "waveform": Waveform,
    "closed_loop": bool,
    "leukocytes": Leukocytes,
    "guidance": Guidance,
    "device": str,
    "sham": ShamKind,
}


@dataclass(frozen=True, slots=True)
class DoseFilter:
    """What a dose must be like, by field. A dose that does not report a field that is asked for is left out."""

    wanted: dict[str, Wanted]

    def admits(self, dose: Dose | None) -> bool:
        """Whether the dose is surely like that."""
        return not self.wanted or (
            dose is not None and all(_meets(getattr(dose, field), wanted) for field, wanted in self.wanted.items())
        )


def parse_dose_filter(texts: Sequence[str]) -> DoseFilter:
    """Read what people write: ``waveform=burst``, ``minutes>=20``, ``device=pain course``. Raises UsageError."""
    found: dict[str, Wanted] = {}
    for text in texts:
        match = _CONDITION.fullmatch(text)
        field = match["field"].lower() if match else ""
        if match is None or field not in Dose.model_fields:
            known = ", ".join(Dose.model_fields)
            raise UsageError(f"{text!r} asks for nothing that a dose has.", f"Write FIELD=VALUE; fields are {known}.")
        earlier = found.get(field)
        found[field] = _read(field, match["sign"], match["value"], earlier if isinstance(earlier, Limits) else Limits())
    return DoseFilter(found)


async def read_studies(
    questions: Questions,
    page: PageRequest,
    *,
    therapy: str | None = None,
    condition: str | None = None,
    design: StudyDesign | None = None,
    dose: DoseFilter | None = None,
    as_of: int | None = None,
) -> Page[Study]:
    """Return the studies of a therapy, a condition or both (narrower ones included), by id; retracted ones too.

    Raises UsageError when neither is given, NotFound for a name that finds nothing.
    """
    number = await questions.number(as_of)
    ids = {id for summary in await answers_of(questions, condition, therapy, number) for id in summary.studies}
    records = await questions.get_many("Study", ids, as_of=number)
    found = [
        study
        for study in records.values()
        if isinstance(study, Study)
        and (design is None or study.design is design)
        and (dose is None or dose.admits(study.dose))
    ]
    return page_of(found, lambda study: (study.id,), page)


def _meets(value: object, wanted: Wanted) -> bool:
    if isinstance(value, Span):
        return isinstance(wanted, Limits) and value.within(wanted.least, wanted.most)
    if isinstance(value, Sham):
        return value.kind is wanted
    if isinstance(value, str) and not isinstance(value, Term):
        return isinstance(wanted, str) and wanted.casefold() in value.casefold()
    return value is not None and value == wanted


def _read(field: str, sign: str, value: str, earlier: Limits) -> Wanted:
    kind = _OTHERS.get(field)
    if kind is None:
        try:
            amount = float(value)
        except ValueError:
            raise UsageError(f"{field}: {value!r} is no number.", f"Write {field}>=20 or {field}=20.") from None
        return Limits(amount if sign in (">=", "=") else earlier.least, amount if sign in ("<=", "=") else earlier.most)
    if sign != "=":
        raise UsageError(f"{field} has no order.", f"Write {field}=VALUE.")
    if kind is str:
        return value
    if kind is bool:
        return value.casefold() in ("yes", "true")
    assert issubclass(kind, Term)
    name = re.sub(r"[\s-]+", "_", value).upper()
    if name not in kind.__members__:
        raise UsageError(f"{field}: there is no {value!r}.", f"It is one of {', '.join(kind.__members__)}.")
    return kind[name]
