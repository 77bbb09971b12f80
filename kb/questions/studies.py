"""Studies by what they studied and how the treatment was given."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kb.errors import UsageError
from kb.questions.paging import Page, PageRequest, page_of
from kb.questions.questions import Questions
from kb.questions.records import edited_ids
from kb.questions.summaries import answers_of
from schema.citation import Citation
from schema.dose import Dose, Sham, Span
from schema.study import Study, retracted
from schema.terms import Guidance, Leukocytes, ShamKind, StudyDesign, Term, Waveform

_CONDITION = re.compile(r"\s*(?P<field>[a-zA-Z_]+)\s*(?P<sign>>=|<=|=)\s*(?P<value>.+?)\s*")


#: How many studies a sentence names before it says how many more there are.
NAMED = 5


@dataclass(frozen=True, slots=True)
class Limits:
    """At least ``least`` and at most ``most``, both included; None sets no limit.

    Raises UsageError where nothing is between them.
    """

    least: float | None = None
    most: float | None = None

    def __post_init__(self) -> None:
        if self.least is not None and self.most is not None and self.least > self.most:
            raise UsageError(f"Nothing is at least {self.least:g} and at most {self.most:g}.", "Turn the limits round.")


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


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A study that names a therapy and a condition without an answer; ``retracted``: it carries no weight."""

    study: Study
    retracted: bool


async def studies_naming(questions: Questions, therapy: str, condition: str, number: int) -> list[Unanswered]:
    """Return the studies that name a therapy and a condition (ids; narrower ones count), by name.

    They may have no result on both: none was read, or what was read is about another of their treatments.
    """
    vocabulary = (await questions.catalogue(number)).vocabulary
    therapies = vocabulary.therapy_tree.narrower(therapy)
    conditions = vocabulary.condition_tree.narrower(condition)
    rows = await questions.store.read("studies_naming", therapies=sorted(therapies), conditions=sorted(conditions))
    # One that was edited since may have named others in this release.
    ids = {row["id"] for row in rows}.union(await edited_ids(questions.store, "Study", number))
    records = await questions.get_many("Study", ids, as_of=number)
    studies = [
        one
        for one in records.values()
        if isinstance(one, Study) and therapies & set(one.therapies) and conditions & set(one.conditions)
    ]
    held = await questions.get_many("Citation", {id for one in studies for id in one.citations}, as_of=number)
    reports = {id: report for id, report in held.items() if isinstance(report, Citation)}
    return [
        Unanswered(one, retracted(one, [reports[id] for id in one.citations if id in reports]))
        for one in sorted(studies, key=lambda study: (study.name, study.id))
    ]


def listed(studies: Sequence[Unanswered]) -> str:
    """Return the names of studies, some of many: ``Reuben 2007 (retracted), Yang 2012 and 2 more``."""
    names = [f"{one.study.name} (retracted)" if one.retracted else one.study.name for one in studies]
    more = len(names) - NAMED
    return ", ".join(names) if more <= 0 else f"{', '.join(names[:NAMED])} and {more} more"


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
