"""A printed reference beside a citation, and the names in a text."""

import pytest

from kb.audit.printed import differences, meant, only_subtitle
from kb.audit.subjects import Names, Subjects
from kb.evidence.evidence import Vocabulary
from kb.evidence.rollup import Hierarchy
from schema.citation import Author, Citation
from schema.page_text import PrintedReference
from tests.samples import HIP, KNEE, OSTEOARTHRITIS, PRP, REGENERATIVE, TENS

SLEEP = Citation(
    id="local:sleep",
    title="How do sleep and behaviour inter-relate? Insights from made trials",
    authors=(Author(family="Made", initials="AB"), Author(family="Other", initials="C")),
    year=2004,
    journal="Behaviour Research and Therapy",
    volume="8",
    pages="119-132",
    doi="10.5555/sleep",
)


def printed(**changed: object) -> PrintedReference:
    fields: dict[str, object] = {
        "printed": "as printed",
        "authors": ("Made",),
        "title": "How do sleep and behavior interrelate? Insights from Made Trials",
        "year": 2004,
        "journal": "Behav Res Ther",
        "volume": "8",
        "pages": "119–32",
    }
    return PrintedReference(**{**fields, **changed})  # pyright: ignore[reportArgumentType] (fields by name)


@pytest.mark.parametrize("journal", ["Behav Res Ther", "Behavior Research & Therapy", "BRT", None])
def test_spelling_and_abbreviations_are_no_differences(journal: str | None) -> None:
    assert differences(printed(journal=journal), SLEEP) == ()


def test_a_subtitle_left_out_is_not_misquoted_and_a_wrong_one_is() -> None:
    assert differences(printed(title="How do sleep and behaviour inter-relate?"), SLEEP) == ()
    (wrong,) = differences(printed(title="How do sleep and behaviour inter-relate? Insights from the field"), SLEEP)
    assert only_subtitle(wrong)
    assert wrong.found == SLEEP.title


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("year", {"year": 2005}),
        ("first_author", {"authors": ("Nobody",)}),
        ("journal", {"journal": "Pain"}),
        ("volume", {"volume": "9"}),
        ("pages", {"pages": "119-199"}),
        ("doi", {"doi": "10.5555/other"}),
    ],
)
def test_what_differs_is_named(field: str, changed: dict[str, object]) -> None:
    assert [one.field for one in differences(printed(**changed), SLEEP)] == [field]


def test_a_misquoted_subtitle_still_means_the_work_and_another_work_does_not() -> None:
    other = SLEEP.model_copy(update={"id": "local:other", "title": "Something else altogether"})
    misquoted = printed(title="How do sleep and behaviour inter-relate? Insights from the field")
    assert meant(misquoted, [other, SLEEP]) == SLEEP
    assert meant(misquoted, [other]) is None
    assert meant(printed(title="How do sleep and behaviour inter-relate?", authors=("Nobody",)), [SLEEP]) is None


def test_of_two_works_that_fit_alike_none_is_chosen() -> None:
    twin = SLEEP.model_copy(update={"id": "local:twin"})
    assert meant(printed(), [SLEEP, twin]) is None


VOCABULARY = Vocabulary(
    therapies={one.id: one for one in (REGENERATIVE, PRP, TENS)},
    conditions={one.id: one for one in (OSTEOARTHRITIS, KNEE, HIP)},
    outcomes={},
    comparators={},
    instruments={},
    therapy_tree=Hierarchy({}),
    condition_tree=Hierarchy({}),
    outcome_tree=Hierarchy({}),
)


@pytest.mark.parametrize(
    ("text", "therapies", "conditions"),
    [
        ("PRP for knee-osteoarthritis", ("prp",), ("knee-osteoarthritis",)),
        ("Platelet‐rich Plasma in osteoarthritis and OA", ("prp",), ("osteoarthritis",)),
        ("platelet injections", ("prp",), ()),
        ("It tens to prp the oa", (), ()),
        ("intensive osteoarthritises", (), ()),
        ("", (), ()),
    ],
)
def test_names_match_whole_words_the_longest_first(
    text: str, therapies: tuple[str, ...], conditions: tuple[str, ...]
) -> None:
    assert Names.of(VOCABULARY).named_in(text) == Subjects(therapies, conditions)
