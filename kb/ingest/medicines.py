"""Gene-drug pairs: which therapy a medicine's name means, and which publication of CPIC the graph holds."""

from collections.abc import Iterable, Mapping

from kb.evidence.replaced import Replaced
from kb.ingest.existing import read_by_identifier
from kb.questions.vocabulary import names_of
from kb.store import Reads
from schema.citation import Citation
from schema.gene_drug_pair import GeneDrugPair
from schema.ids import fold
from schema.terms import TherapyKind
from schema.therapy import Therapy


class Medicines:
    """The therapies, the medicines among them by name, and citations by PMID; of one id the first therapy stands."""

    def __init__(self, therapies: Iterable[Therapy], guidelines: Mapping[str, Citation]) -> None:
        self._ids: dict[str, str] = {}
        self._named: dict[str, str] = {}
        self._guidelines = guidelines
        known: dict[str, Therapy] = {}
        for therapy in therapies:
            known.setdefault(therapy.id, therapy)
        replaced = Replaced(known.values())
        for therapy in known.values():
            current = replaced.current(Therapy.label, therapy.id)
            self._ids[therapy.id] = current
            if therapy.kind is TherapyKind.MEDICATION:
                for name in names_of(therapy):
                    self._named.setdefault(fold(name), current)

    def linked(self, pair: GeneDrugPair) -> GeneDrugPair | None:
        """Return the pair with its therapy and guideline; None where no medicine has that name.

        Of several publications the graph may hold the first guideline and its updates: the latest one guides.
        """
        therapy = self._ids.get(pair.therapy) or self._named.get(fold(pair.drug))
        if therapy is None:
            return None
        held = [self._guidelines[pmid] for pmid in pair.publications if pmid in self._guidelines]
        latest = max(held, key=lambda one: one.year or 0, default=None)
        guideline = pair.guideline or (latest.id if latest else None)
        return pair.model_copy(update={"therapy": therapy, "guideline": guideline})


async def read_guidelines(
    store: Reads, pairs: Iterable[GeneDrugPair], given: Iterable[Citation]
) -> dict[str, Citation]:
    """Return the citations among the pairs' publications by PMID: of the graph, and of this load."""
    wanted = {pmid for pair in pairs for pmid in pair.publications}
    rows = await read_by_identifier(store, "pmid", wanted)
    found = [*(one.record for one in rows.values()), *given]
    return {one.pmid: one for one in found if isinstance(one, Citation) and one.pmid and one.pmid in wanted}
