"""Obsolete terms: what points at one is moved to its replacement, whichever of the two is loaded first.

A term with exactly one ``replaced_by`` means the same under another id, so an xref to it is moved, and told. One with
several, or with terms to ``consider`` alone, needs a person: it is told and left. So is one whose replacement is
unknown here, because nobody could follow it.
"""

from collections.abc import Iterable, Mapping

from kb.ingest.existing import read_existing
from kb.store import Reads
from schema.condition import Condition
from schema.ids import BadIdentifier, normalise_curie
from schema.names import Xref
from schema.ontology_term import OntologyTerm
from schema.therapy import Therapy

Mapped = Therapy | Condition

#: A replacement may be obsolete itself; no ontology goes further than this.
STEPS = 5


async def read_terms(
    store: Reads, records: Iterable[Mapped], given: Mapping[str, OntologyTerm]
) -> dict[str, OntologyTerm]:
    """Return the terms that these records point at, and their replacements; ``given`` goes before the graph."""
    found: dict[str, OntologyTerm] = {}
    wanted = {xref.curie for record in records for xref in record.xrefs}
    for _ in range(STEPS):
        missing = wanted - set(found)
        found |= {id_: given[id_] for id_ in missing if id_ in given}
        if unread := missing - set(found):
            held = await read_existing(store, "OntologyTerm", unread)
            found |= {id_: one.record for id_, one in held.items() if isinstance(one.record, OntologyTerm)}
        wanted = {id_ for one in found.values() if one.obsolete for id_ in one.replaced_by} - set(found)
        if not wanted:
            break
    return found


def with_current_terms(record: Mapped, terms: Mapping[str, OntologyTerm]) -> tuple[Mapped, list[str]]:
    """Return the record with its xrefs to replaced terms moved, and what is to be told."""
    xrefs: dict[str, Xref] = {xref.curie: xref for xref in record.xrefs if not _obsolete(terms, xref.curie)}
    told: list[str] = []
    for xref in record.xrefs:
        old = terms.get(xref.curie)
        if old is None or not old.obsolete:
            continue
        new = _replacement(old, terms)
        if new is None:
            others = ", ".join((*old.replaced_by, *old.consider))
            advice = f"look whether one of {others} means the same" if others else "no other term is named in its place"
            told.append(f"its xref {_called(old)} is obsolete and stays, because {_why(old)}: {advice}")
            xrefs.setdefault(xref.curie, xref)
        else:
            told.append(f"its xref {_called(old)} is obsolete: it is moved to {_called(new)}")
            xrefs.setdefault(new.id, Xref(curie=new.id, label=new.name, match=xref.match))
    return (record.model_copy(update={"xrefs": tuple(xrefs.values())}), told) if told else (record, told)


def _called(term: OntologyTerm) -> str:
    return f"{term.id} ({term.name})" if term.name else term.id


def _obsolete(terms: Mapping[str, OntologyTerm], curie: str) -> bool:
    return curie in terms and terms[curie].obsolete


def _replacement(old: OntologyTerm, terms: Mapping[str, OntologyTerm]) -> OntologyTerm | None:
    """Follow the replacements to a term that is in use; None where the way is not sure."""
    for _ in range(STEPS):
        if not old.obsolete:
            return old if _known_prefix(old.id) else None
        if len(old.replaced_by) != 1 or old.replaced_by[0] not in terms:
            return None
        old = terms[old.replaced_by[0]]
    return None


def _known_prefix(id_: str) -> bool:
    try:
        return normalise_curie(id_) == id_
    except BadIdentifier:
        return False


def _why(old: OntologyTerm) -> str:
    if len(old.replaced_by) == 1:
        return "its replacement is not a term that is held here and in use"
    return "several terms replace it" if old.replaced_by else "no term replaces it"
