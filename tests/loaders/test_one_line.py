"""Texts on one line."""

from hypothesis import given
from hypothesis import strategies as st

from loaders.one_line import one_line
from loaders.people import person

BLANKS = [sign for sign in map(chr, range(0x110000)) if sign.isspace()]


@given(st.text(st.sampled_from([*BLANKS, " ", "a", "é", "\u00ad", "\u2013"]), max_size=400))
def test_words_are_parted_by_single_blanks_whatever_parted_them(text: str):
    assert one_line(text) == " ".join(text.split())


def test_names_that_look_usual_and_are_not_go_by_the_rules():
    assert person("Pain Study Group, John") == {"collective": "Pain Study Group, John"}
    assert person("Task Force, A.") == {"collective": "Task Force, A."}
    assert person("Smith, III") == {"family": "Smith", "suffix": "III"}
    assert person("van der Berg, J. P.") == {"family": "van der Berg", "initials": "JP"}
