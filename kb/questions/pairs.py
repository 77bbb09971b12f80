"""Gene-drug pairs: which genes change what a medicine does, by CPIC."""

from kb.questions.paging import Page, PageRequest, page_of
from kb.questions.questions import Questions
from kb.questions.records import read_all_records
from schema.gene_drug_pair import GeneDrugPair
from schema.ids import fold
from schema.terms import CpicLevel, CpicStatus


async def gene_drug_pairs(
    questions: Questions,
    page: PageRequest,
    *,
    gene: str | None = None,
    drug: str | None = None,
    therapy: str | None = None,
    as_of: int | None = None,
) -> Page[GeneDrugPair]:
    """Return pairs, those with the highest level first, those without a level and the retired ones last.

    ``gene`` is a symbol; ``drug`` CPIC's name of the medicine, or any name of ours for it; ``therapy`` (any name) takes
    in narrower ones. Raises NotFound for a therapy that is none.
    """
    number = await questions.number(as_of)
    held = await questions.followed(await read_all_records(questions.store, "GeneDrugPair", number), number)
    found = [one for one in held.values() if isinstance(one, GeneDrugPair)]
    catalogue = await questions.catalogue(number)
    if gene is not None:
        found = [one for one in found if fold(one.gene) == fold(gene)]
    if drug is not None:
        meant = catalogue.find("Therapy", drug)
        found = [one for one in found if fold(one.drug) == fold(drug) or (meant and one.therapy == meant.id)]
    if therapy is not None:
        wanted = catalogue.vocabulary.tree("Therapy").narrower(catalogue.get("Therapy", therapy).id)
        found = [one for one in found if one.therapy in wanted]
    return page_of(found, _rank, page)


def _rank(pair: GeneDrugPair) -> tuple[bool, int, str, str]:
    levels = list(CpicLevel)
    level = levels.index(pair.level) if pair.level is not None else len(levels)
    return pair.status is CpicStatus.RETIRED, level, pair.gene, pair.id
