"""GeneDrugPair: a gene and a medicine whose effect it changes."""

from typing import Annotated, ClassVar

from schema.citation import PartialDate
from schema.ids import Pmid, Slug
from schema.record import Record, Ref
from schema.terms import CpicLevel, CpicStatus


class GeneDrugPair(Record):
    """A gene and a medicine, with the CPIC level and the guideline that holds the pair."""

    label: ClassVar[str] = "GeneDrugPair"

    id: Slug
    #: HGNC symbol.
    gene: str
    #: The medicine in CPIC's words.
    drug: str
    therapy: Annotated[Slug, Ref("Therapy", "CONCERNS")]
    #: None = not read.
    level: CpicLevel | None = None
    status: CpicStatus | None = None
    #: PharmGKB's (ClinPGx's) level of evidence, as printed.
    pharmgkb_level: str | None = None
    #: What the drug label says of testing, in CPIC's words.
    fda_label: str | None = None
    #: When CPIC took the pair out of its list, where it has.
    removed: PartialDate | None = None
    #: The publication of the guideline, where there is one and the graph holds it.
    guideline: Annotated[str, Ref("Citation", "GUIDED_BY")] | None = None
    guideline_name: str | None = None
    guideline_url: str | None = None
    #: CPIC's publications on the pair.
    publications: tuple[Pmid, ...] = ()
    note: str | None = None
    source: str
