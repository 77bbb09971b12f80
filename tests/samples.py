"""A small knowledge base for the tests: two therapies, three conditions, three trials, all invented."""

from collections.abc import Iterable, Sequence

from kb.ingest import FileReport, Source, load_sources
from kb.store import Store
from schema.citation import Author, Citation
from schema.comparator import Comparator
from schema.condition import Condition
from schema.effect import Arm, Effect
from schema.finding import Finding, finding_id
from schema.names import Label
from schema.outcome import Outcome
from schema.parsed import Parsed
from schema.record import Record
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
    StudyDesign,
    TherapyKind,
    VerificationState,
)
from schema.therapy import Therapy

OSTEOARTHRITIS = Condition(
    id="osteoarthritis",
    name="Osteoarthritis",
    abbreviations=("OA",),
    kind=ConditionKind.MUSCULOSKELETAL,
    sentence="Worn joints.",
)
KNEE = Condition(
    id="knee-osteoarthritis",
    name="Knee osteoarthritis",
    labels=(Label(language=Language.ES, name="Artrosis de rodilla", article="la", synonyms=("gonartrosis",)),),
    synonyms=("knee arthritis",),
    kind=ConditionKind.MUSCULOSKELETAL,
    broader=("osteoarthritis",),
    sentence="Worn knees.",
)
HIP = Condition(
    id="hip-osteoarthritis",
    name="Hip osteoarthritis",
    kind=ConditionKind.MUSCULOSKELETAL,
    broader=("osteoarthritis",),
    sentence="Worn hips.",
)
REGENERATIVE = Therapy(
    id="regenerative-medicine", name="Regenerative medicine", kind=TherapyKind.BIOLOGIC, sentence="Cells and blood."
)
PRP = Therapy(
    id="prp",
    name="Platelet-rich plasma",
    labels=(Label(language=Language.ES, name="Plasma rico en plaquetas", article="el"),),
    abbreviations=("PRP",),
    synonyms=("platelet injection",),
    kind=TherapyKind.BIOLOGIC,
    broader=("regenerative-medicine",),
    sentence="An injection of platelets from one's own blood.",
)
TENS = Therapy(
    id="tens",
    name="Transcutaneous electrical nerve stimulation",
    abbreviations=("TENS",),
    kind=TherapyKind.DEVICE,
    sentence="Mild current through pads on the skin.",
)
PAIN = Outcome(id="pain-intensity", name="Pain intensity", domain=OutcomeDomain.PAIN, better=Better.LOWER)
SALINE = Comparator(id="saline", name="Saline injection", comparator_class=ComparatorClass.PLACEBO)

VOCABULARY: tuple[Record, ...] = (OSTEOARTHRITIS, KNEE, HIP, REGENERATIVE, PRP, TENS, PAIN, SALINE)


def citation(number: int, **changed: object) -> Citation:
    """A report of an invented trial."""
    fields = {
        "id": f"pmid:{900000 + number}",
        "title": f"Invented trial number {number}",
        "authors": (Author(family=f"Author{number}", initials="A"),),
        "year": 2010 + number,
        "journal": "Journal of Invented Trials",
        "pmid": str(900000 + number),
        "doi": f"10.5555/invented.{number}",
        "verification": VerificationState.VERIFIED,
    }
    return Citation.model_validate(fields | changed)


def study(number: int, therapy: str, condition: str, **changed: object) -> Study:
    """An invented trial, reported in :func:`citation` of the same number."""
    fields = {
        "id": f"author{number}trial",
        "name": f"Author{number} {2010 + number}",
        "design": StudyDesign.RCT,
        "participants": 100 * number,
        "therapies": (therapy,),
        "conditions": (condition,),
        "comparators": ("saline",),
        "comparator_class": ComparatorClass.PLACEBO,
        "citations": (f"pmid:{900000 + number}",),
    }
    return Study.model_validate(fields | changed)


def finding(number: int, therapy: str, condition: str, estimate: float = -1.5, **changed: object) -> Finding:
    """Pain at three months in the trial of the same number; a negative estimate favours the therapy."""
    trial = f"author{number}trial"
    fields = {
        "id": finding_id(trial, "pain at 3 months"),
        "study": trial,
        "citation": f"pmid:{900000 + number}",
        "locus": "table 2",
        "therapies": (therapy,),
        "conditions": (condition,),
        "comparators": ("saline",),
        "comparator_class": ComparatorClass.PLACEBO,
        "outcomes": ("pain-intensity",),
        "outcome_as_printed": "pain",
        "domain": OutcomeDomain.PAIN,
        "better": Better.LOWER,
        "measured": Measured.FINAL,
        "timepoint": "3 months",
        "timepoint_days": 91,
        "arms": (
            Arm(name="therapy", role=ArmRole.INTERVENTION, n=50 * number),
            Arm(name="saline", role=ArmRole.COMPARATOR, n=50 * number),
        ),
        "effect": Effect(
            measure=EffectMeasure.MD,
            estimate=estimate,
            ci_low=estimate - 1,
            ci_high=estimate + 1,
            level=95,
            unit="points",
        ),
        "favours": Favours.INTERVENTION if estimate < 0 else Favours.COMPARATOR,
        "direction": Direction.BENEFIT
        if estimate < -1
        else Direction.HARM
        if estimate > 1
        else Direction.NO_DIFFERENCE,
    }
    return Finding.model_validate(fields | changed)


def trial(number: int, therapy: str, condition: str, estimate: float = -1.5) -> tuple[Record, ...]:
    """A citation, its study and its finding."""
    return citation(number), study(number, therapy, condition), finding(number, therapy, condition, estimate)


#: Two knee trials of PRP, one hip trial of TENS.
SAMPLE: tuple[Record, ...] = (
    *VOCABULARY,
    *trial(1, "prp", "knee-osteoarthritis"),
    *trial(2, "prp", "knee-osteoarthritis"),
    *trial(3, "tens", "hip-osteoarthritis", estimate=-0.2),
)


def source(records: Iterable[Record], *, name: str = "sample", form: str = "seeds", whole: bool = True) -> Source:
    """A source that yields these records."""
    parsed = [Parsed(record, f"{name}:{line}") for line, record in enumerate(records, 1)]
    return Source(name, form, "1", f"hash of {name}", whole, lambda: iter(parsed))


async def load(
    store: Store, records: Iterable[Record], *, name: str = "sample", form: str = "seeds", preview: bool = False
) -> FileReport:
    """Load records as if they came from one source."""
    (report,) = await load_sources(store, [source(records, name=name, form=form)], who="tester", preview=preview)
    return report


def with_changed(records: Sequence[Record], *changed: Record) -> list[Record]:
    """The same records, with these in place of those of the same id."""
    new = {(one.label, one.id): one for one in changed}
    return [new.get((one.label, one.id), one) for one in records]
