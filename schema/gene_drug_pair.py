"""GeneDrugPair: a gene and a medicine whose effect it changes."""

from typing import Annotated, ClassVar

from schema.ids import Slug
from schema.record import Record, Ref
from schema.terms import CpicLevel


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
    guideline: Annotated[str, Ref("Citation", "GUIDED_BY")]
    guideline_name: str
    guideline_url: str
    note: str | None = None
    source: str
