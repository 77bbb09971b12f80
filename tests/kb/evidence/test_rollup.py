"""Roll-up: a question takes in everything narrower, by every path."""

from hypothesis import given
from hypothesis import strategies as st

from kb.evidence.rollup import Hierarchy

KNEE = {
    "knee-osteoarthritis": ["osteoarthritis", "knee-pain"],
    "osteoarthritis": ["chronic-pain"],
    "knee-pain": ["musculoskeletal-pain"],
    "hip-osteoarthritis": ["osteoarthritis"],
}

GRAPHS = st.dictionaries(st.sampled_from("abcdefg"), st.lists(st.sampled_from("abcdefg"), max_size=3), max_size=7)


def test_a_condition_with_two_parents_is_found_from_both():
    tree = Hierarchy(KNEE)
    assert "knee-osteoarthritis" in tree.narrower("chronic-pain")
    assert "knee-osteoarthritis" in tree.narrower("musculoskeletal-pain")
    assert tree.broader("knee-osteoarthritis") == {
        "knee-osteoarthritis",
        "osteoarthritis",
        "chronic-pain",
        "knee-pain",
        "musculoskeletal-pain",
    }


def test_an_id_is_part_of_its_own_closures_and_an_unknown_one_stands_alone():
    tree = Hierarchy(KNEE)
    assert "osteoarthritis" in tree.narrower("osteoarthritis")
    assert tree.narrower("unheard-of") == tree.broader("unheard-of") == {"unheard-of"}


def test_children_are_direct_only():
    assert Hierarchy(KNEE).children("osteoarthritis") == ("hip-osteoarthritis", "knee-osteoarthritis")


def test_cycles_are_named_and_do_not_hang():
    tree = Hierarchy({"a": ["b"], "b": ["c"], "c": ["a"], "d": ["a"], "e": ["e"]})
    assert tree.cycles() == [("a", "b", "c"), ("e",)]
    assert tree.narrower("a") == {"a", "b", "c", "d"}
    assert Hierarchy(KNEE).cycles() == []


@given(GRAPHS)
def test_broader_and_narrower_are_each_other_turned_round(broader: dict[str, list[str]]):
    tree = Hierarchy(broader)
    for low in "abcdefg":
        assert {high for high in "abcdefg" if low in tree.narrower(high)} == tree.broader(low)


@given(GRAPHS)
def test_the_order_of_entries_does_not_matter(broader: dict[str, list[str]]):
    turned = Hierarchy(dict(reversed([(id, parents[::-1]) for id, parents in broader.items()])))
    assert turned.cycles() == Hierarchy(broader).cycles()
