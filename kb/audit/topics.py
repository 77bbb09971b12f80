"""Topics: what a work is about, and whether it bears on a claim."""

from collections.abc import Iterable, Sequence

from kb.audit.audit import AuditedReference
from kb.evidence.evidence import Vocabulary
from kb.evidence.rollup import Hierarchy
from schema.citation import Citation
from schema.study import Study


def topics(citation: Citation, studies: Sequence[Study]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the therapies and conditions that a work is about: by its studies, and by its own record."""
    therapies = {id_ for study in studies for id_ in study.therapies} | set(citation.about_therapies)
    conditions = {id_ for study in studies for id_ in study.conditions} | set(citation.about_conditions)
    return frozenset(therapies), frozenset(conditions)


def content_known(reference: AuditedReference) -> bool:
    """Return whether it is known what the work is about."""
    return reference.citation is not None and any(topics(reference.citation, reference.studies))


def on_topic(
    reference: AuditedReference, therapies: Sequence[str], conditions: Sequence[str], vocabulary: Vocabulary
) -> bool:
    """Return whether the work bears on a claim: on one of its therapies, and on one of its conditions if it names any.

    Narrower and broader ones count. A work that studies no therapy bears on no claim about one, whatever condition
    it shares with it.
    """
    if reference.citation is None:
        return False
    about_therapies, about_conditions = topics(reference.citation, reference.studies)
    shares_condition = _related(conditions, about_conditions, vocabulary.condition_tree)
    if not therapies:
        return shares_condition
    if not _related(therapies, about_therapies, vocabulary.therapy_tree):
        return False
    return shares_condition or not conditions or not about_conditions


def _related(one: Iterable[str], other: Iterable[str], tree: Hierarchy) -> bool:
    """Whether an id of one side is the same as, above or below an id of the other."""
    others = set(other)
    return any(others & (tree.broader(id_) | tree.narrower(id_)) for id_ in one)
