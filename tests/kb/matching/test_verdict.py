"""Which citations are one paper: the hand-labelled pairs, and the laws of comparing."""

import dataclasses
import itertools

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kb.matching import Answer, Candidate, Facts, compare, group, keys_of, match_keys
from kb.matching.titles import read_title
from schema.citation import Author, Citation
from tests.kb.matching.pairs import Labelled, labelled_pairs

PAIRS = labelled_pairs()
RECORDS = [record for pair in PAIRS for record in (pair.one, pair.other)]


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.expect}-{pair.why}")
def test_a_pair_is_judged_as_people_judge_it_in_either_order(pair: Labelled) -> None:
    one, other = Facts.of(pair.one), Facts.of(pair.other)
    verdict = compare(one, other)
    assert verdict.answer.value == pair.expect, verdict.reason
    assert compare(other, one) == verdict
    if verdict.answer in (Answer.SAME, Answer.SOLE):
        assert "agree" in verdict.reason


@pytest.mark.parametrize(
    "pair", [pair for pair in PAIRS if pair.expect != "DIFFERENT"], ids=lambda pair: f"{pair.expect}-{pair.why}"
)
def test_what_may_be_one_paper_shares_a_key(pair: Labelled) -> None:
    one, other = match_keys(pair.one), match_keys(pair.other)
    assert set(one.items()) & set(other.items())


def test_no_two_records_of_different_pairs_are_ever_sure() -> None:
    facts = [Facts.of(record) for record in RECORDS]
    for (a, one), (b, other) in itertools.combinations(enumerate(facts), 2):
        same = compare(one, other).answer in (Answer.SAME, Answer.SOLE)
        # Some pairs begin from the same paper: then the two records must be equal in all but their identifiers.
        if same and a // 2 != b // 2:
            assert one.printed.rstrip(".").lower()[:20] == other.printed.rstrip(".").lower()[:20]
            assert one.author[:1] == other.author[:1]


@settings(max_examples=60, deadline=None)
@given(order=st.permutations(range(24)), start=st.integers(0, len(RECORDS) - 24))
def test_the_order_of_candidates_does_not_matter(order: list[int], start: int) -> None:
    chosen = [
        Candidate.of(f"local:{start + place}", Facts.of(RECORDS[start + place]), known=False) for place in range(24)
    ]

    def groups(candidates: list[Candidate]) -> set[frozenset[str]]:
        joined = group(candidates).joined
        found: dict[str, set[str]] = {}
        for one in candidates:
            found.setdefault(joined.get(one.citation, one.citation), set()).add(one.citation)
        return {frozenset(some) for some in found.values()}

    assert groups([chosen[place] for place in order]) == groups(chosen)
    first, again = group(chosen), group([chosen[place] for place in order])
    assert {(pair.one, pair.other) for pair in first.unsure} == {(pair.one, pair.other) for pair in again.unsure}


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=80))
@example("WITHDRAWN")
def test_any_title_can_be_read_and_reads_the_same_again(text: str) -> None:
    title = read_title(text)
    assert read_title(text) == title
    assert title.letters == "".join(title.words)
    assert read_title(f"{text.strip()}.").letters == title.letters or "." in text or "," in text


def test_a_record_that_fits_two_papers_joins_neither() -> None:
    printed = RECORDS[0]
    with_doi = Facts.of(printed.model_copy(update={"pmid": None, "doi": "10.5555/a"}))
    with_other = Facts.of(printed.model_copy(update={"pmid": None, "doi": "10.5555/b"}))
    without = Facts.of(printed.model_copy(update={"pmid": None}))
    candidates = [
        Candidate.of("doi:10.5555/a", with_doi, known=True),
        Candidate.of("local:x", without, known=False),
        Candidate.of("doi:10.5555/b", with_other, known=False),
    ]
    for order in itertools.permutations(candidates):
        found = group(order)
        assert found.joined == {}
        assert {(pair.one, pair.other) for pair in found.unsure} >= {
            ("doi:10.5555/a", "local:x"),
            ("doi:10.5555/b", "local:x"),
        }


def test_a_decision_that_two_are_two_stands_against_a_sure_match() -> None:
    pair = next(pair for pair in PAIRS if pair.expect == "SAME")
    candidates = [
        Candidate.of("local:a", Facts.of(pair.one), known=True),
        Candidate.of("local:b", Facts.of(pair.other), known=False),
    ]
    assert group(candidates).joined == {"local:b": "local:a"}
    apart = group(candidates, lambda one, other: (one, other) == ("local:a", "local:b"))
    assert apart.joined == {}
    assert apart.unsure == []


def test_facts_are_read_from_what_is_there() -> None:
    citation = Citation(
        id="local:x", title="Pain", authors=(Author(family="van der Berg", given="Anna"),), pages="S12-9", volume="08"
    )
    facts = Facts.of(citation)
    assert (facts.family, facts.page, facts.volume, facts.year) == ("vanderberg", "s12", "8", None)
    assert keys_of(dataclasses.replace(facts, title=None)) == {}
