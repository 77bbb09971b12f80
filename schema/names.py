"""What the entries of the vocabulary share: their names in other languages, and outside terms."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import AfterValidator

from schema.ids import Curie
from schema.record import Part
from schema.terms import Language, MappingMatch


class Label(Part):
    """What an entry is called in another language than English (SKOS prefLabel and altLabel)."""

    language: Language
    name: str
    #: What stands before the name where a sentence needs an article: ``la``, ``los``. It tells one from several too.
    article: str | None = None
    #: Other names that people type in that language.
    synonyms: tuple[str, ...] = ()


class Xref(Part):
    """An outside term for the same or a neighbouring concept (SKOS mapping)."""

    curie: Curie
    label: str | None = None
    match: MappingMatch


def _each_language_once(labels: tuple[Label, ...]) -> tuple[Label, ...]:
    seen: set[Language] = set()
    for one in labels:
        if one.language is Language.EN:
            raise ValueError("the English name stands in 'name', not among the labels")
        if one.language in seen:
            raise ValueError(f"two labels for {one.language}: give one, with the others as its synonyms")
        seen.add(one.language)
    return labels


#: The labels of an entry, one for each language other than English.
Labels = Annotated[tuple[Label, ...], AfterValidator(_each_language_once)]


def name_in(language: Language, name: str, labels: Iterable[Label]) -> str:
    """Return the name in a language; the English one where there is none."""
    label = label_in(language, labels)
    return name if label is None else label.name


def label_in(language: Language, labels: Iterable[Label]) -> Label | None:
    """Return the label in a language; None where there is none, and for English."""
    return next((one for one in labels if one.language is language), None)
