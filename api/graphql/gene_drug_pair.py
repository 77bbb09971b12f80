"""Gene-drug pairs: a gene and a medicine whose effect it changes."""

from strawberry import Parent

from api.graphql.connections import Shown, page_request
from api.graphql.context import Info
from api.graphql.derive import record_type
from api.graphql.node import Node
from kb.questions.paging import DEFAULT_PAGE
from kb.questions.pairs import gene_drug_pairs
from schema import gene_drug_pair as records
from schema.therapy import Therapy


async def ask_pairs(
    info: Info,
    gene: str | None = None,
    drug: str | None = None,
    therapy: str | None = None,
    as_of: int | None = None,
    first: int | None = DEFAULT_PAGE,
    after: str | None = None,
) -> Shown:
    """Genes that change what a medicine does, by CPIC: of a gene, of a drug (any name), of a therapy and narrower."""
    number = await info.context.read_at(as_of)
    page = page_request(first, after)
    found = await gene_drug_pairs(info.context.questions, page, gene=gene, drug=drug, therapy=therapy, as_of=number)
    return Shown(found, after)


async def pairs_of(
    root: Parent[Therapy], info: Info, first: int | None = DEFAULT_PAGE, after: str | None = None
) -> Shown:
    """Genes that change what it, or a narrower one, does: by CPIC, the highest level first."""
    page = page_request(first, after)
    number = await info.context.release()
    return Shown(await gene_drug_pairs(info.context.questions, page, therapy=root.id, as_of=number), after)


@record_type(records.GeneDrugPair)
class GeneDrugPair(Node):
    """A gene and a medicine."""
