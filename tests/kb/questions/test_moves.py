"""Moves in the vocabulary: which of them an answer can be touched by."""

from kb.evidence.evidence import Vocabulary
from kb.evidence.rollup import Hierarchy
from kb.questions.moves import Moves
from schema.terms import TherapyKind
from schema.therapy import Therapy


def vocabulary(**broader: tuple[str, ...]) -> Vocabulary:
    """Therapies, each with those that it is under."""
    therapies = {
        id: Therapy(id=id, name=id.upper(), kind=TherapyKind.DEVICE, broader=above, sentence="It is done.")
        for id, above in broader.items()
    }
    return Vocabulary(therapies, {}, {}, {}, {}, Hierarchy(broader), Hierarchy({}), Hierarchy({}))


THEN = vocabulary(all=(), one=("all",), other=("all",), between=("one",), tested=("between",), apart=())


def under(now: Vocabulary, top: str, *named: str) -> list[str]:
    return [one.what for one in Moves(THEN, now).under("Therapy", top, named)]


def test_what_stands_between_is_told_where_it_takes_what_was_tested_along() -> None:
    now = vocabulary(all=(), one=("all",), other=("all",), between=("other",), tested=("between",), apart=())
    assert under(now, "all", "tested") == ["the therapy BETWEEN moved from ONE to OTHER"]
    assert under(now, "one", "tested") == ["the therapy BETWEEN moved from ONE to OTHER"]
    assert under(now, "all", "other") == under(now, "between", "tested") == under(now, "apart") == []


def test_a_branch_that_nothing_was_tested_of_is_told_above_it_alone() -> None:
    now = vocabulary(all=(), one=("all",), other=("all",), between=("one",), tested=("between",), apart=("all",))
    assert under(now, "all", "tested") == ["the therapy APART moved from the top to ALL"]
    assert under(now, "one", "tested") == []


def test_a_second_place_is_told_with_both() -> None:
    now = vocabulary(all=(), one=("all",), other=("all",), between=("one", "other"), tested=("between",), apart=())
    assert under(now, "all", "tested") == ["the therapy BETWEEN moved from ONE to ONE and OTHER"]
    assert Moves(THEN, THEN).under("Therapy", "all", ["tested"]) == []
