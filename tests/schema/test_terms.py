"""Controlled terms: each has its definition and its source, and stands for one thing."""

import re

import pytest

import schema.terms
from schema.terms import OWN, Certainty, ComparatorClass, StudyDesign, Term
from tests.schema.glossary import terms

TERMS = pytest.mark.parametrize("term", terms(), ids=lambda term: term.__name__)

#: In use, and no definition of them was read anywhere: better none than one from memory.
UNDEFINED = {
    ComparatorClass.SHAM,
    ComparatorClass.NO_TREATMENT,
    ComparatorClass.DOSE,
    ComparatorClass.NONE,
    StudyDesign.CROSSOVER_RCT,
    StudyDesign.NMA,
}


def test_the_list_of_terms_is_whole() -> None:
    assert set(Term.__subclasses__()) == set(terms())
    assert {term.__name__ for term in terms()} | {"OWN", "Term"} == set(schema.terms.__all__)


@TERMS
def test_a_term_says_what_it_is_a_list_of(term: type[Term]) -> None:
    assert term.__doc__
    assert term.__doc__ != Term.__doc__


@TERMS
def test_every_member_is_defined_with_its_source_or_known_to_be_undefined(term: type[Term]) -> None:
    for member in term:
        if member in UNDEFINED and isinstance(member, ComparatorClass | StudyDesign):
            assert (member.definition, member.source) == (None, None), member
        else:
            assert member.definition, member
            assert member.source, member


@TERMS
def test_every_value_and_every_definition_stands_for_one_member(term: type[Term]) -> None:
    # An enumeration takes a repeated value for a second name of the first member.
    assert len(term.__members__) == len(list(term))
    definitions = [member.definition for member in term if member.definition]
    assert len(set(definitions)) == len(definitions)


@TERMS
def test_a_member_is_called_what_it_is_stored_as(term: type[Term]) -> None:
    for member in term:
        assert re.fullmatch(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*", member.name)
        assert member.value in {member.name, member.name.replace("_OR_", "/")}  # CPIC's A/B can be no name


@TERMS
def test_definitions_and_sources_are_clean_text(term: type[Term]) -> None:
    for text in (text for member in term for text in (member.definition, member.source) if text):
        assert text == " ".join(text.split())
        assert text[0].isalnum(), text
        assert not text.endswith((";", ","))


@TERMS
def test_a_source_is_ours_or_can_be_looked_up(term: type[Term]) -> None:
    for source in (member.source for member in term if member.source):
        assert source == OWN or re.search(r"https?://|doi:10\.|Cochrane Handbook, chapter|PubMed|SKOS", source), source


def test_certainty_is_listed_from_the_highest_down() -> None:
    assert list(Certainty) == [Certainty.HIGH, Certainty.MODERATE, Certainty.LOW, Certainty.VERY_LOW]


def test_an_unknown_term_is_refused() -> None:
    with pytest.raises(ValueError, match="'FAIR' is not a valid Certainty"):
        Certainty("FAIR")
