"""Merging what several files say of one citation: what stands, and that nobody takes turns."""

from itertools import permutations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.ingest.existing import Existing
from kb.ingest.merge import merge, source_of
from schema.citation import Citation, Retraction
from schema.record import DRAFT
from schema.terms import RetractionState

File = tuple[str, Citation]


def paper(**fields: object) -> Citation:
    return Citation.model_validate({"id": "pmid:900001", "pmid": "900001", "title": "An invented trial", **fields})


def pubmed(name: str, **fields: object) -> File:
    return source_of("pubmed", name), paper(**fields)


def loaded(files: list[File] | tuple[File, ...], held: Existing | None = None) -> Existing:
    for source, record in files:
        if held is None:
            held = Existing(record, record.content_hash(), DRAFT, DRAFT, "", source)
            continue
        merged = merge(held, record, source)
        # What changes nothing is not written.
        if (merged.record, merged.field_sources) != (held.record, held.field_sources):
            hash_ = merged.record.content_hash()
            held = Existing(merged.record, hash_, DRAFT, DRAFT, "", merged.source, merged.field_sources)
    assert held is not None
    return held


def test_of_two_undated_files_of_pubmed_each_corrects_its_own_and_fills_the_rest() -> None:
    book = pubmed("book.xml", title="Spinal cord stimulation: a guideline", volume="7")
    other = pubmed("other.xml", title="Spinal cord stimulation", pages="1-90")
    held = loaded([book, other])
    assert held.record == paper(title=book[1].title, volume="7", pages="1-90")
    corrected = pubmed("other.xml", title="Spinal cord stimulation", pages="1-91")
    assert loaded([corrected], held).record == paper(title=book[1].title, volume="7", pages="1-91")


def test_a_record_that_says_when_it_was_revised_goes_before_one_that_does_not_in_either_order() -> None:
    undated = pubmed("undated.xml", title="As first printed", note="gone since")
    dated = pubmed("dated.xml", title="As corrected", revised="2024-03-01")
    for files in permutations([undated, dated]):
        assert loaded(files).record == dated[1]
    exported = source_of("ris", "library.ris"), paper(title="AS FIRST PRINTED")
    assert loaded([exported, undated, dated]).record == dated[1]


def test_what_a_later_revision_no_longer_says_is_gone_however_often_it_was_said_before() -> None:
    first = pubmed("a.xml", revised="2020-01-01", note="gone since")
    second = pubmed("b.xml", revised="2021-01-01", note="gone since", volume="3")
    third = pubmed("c.xml", revised="2022-01-01", volume="3")
    assert loaded([first, second, third]).record == third[1]


def test_what_a_later_revision_no_longer_says_is_not_taken_from_an_earlier_one_beside_another_file() -> None:
    exported = source_of("ris", "export.ris"), paper(volume="8")
    later = pubmed("later.xml", revised="2022-01-01")
    retracted = Retraction(state=RetractionState.RETRACTED)
    earlier = pubmed("earlier.xml", revised="2020-01-01", volume="7", pages="1-9", retraction=retracted)
    for files in permutations([exported, later, earlier]):
        held = loaded(files)
        assert isinstance(held.record, Citation)
        assert (held.record.pages, held.record.retraction) == (None, later[1].retraction)
        if files.index(later) < files.index(earlier):
            assert loaded(files, held).record == held.record == paper(volume="8", revised="2022-01-01")


SAME = [
    (source_of("ris", "library.ris"), paper(volume="7", pages="1-9")),
    (source_of("seeds", "seeds"), paper(volume="7", pages="1-9")),
    (source_of("pubmed", "all.xml"), paper(volume="7")),
]


@pytest.mark.parametrize("order", list(permutations(SAME)), ids=lambda order: ", ".join(name for name, _ in order))
def test_what_several_sources_give_belongs_to_the_one_that_goes_first_whatever_comes_first(order: list[File]) -> None:
    held = loaded(order)
    owners = {name: held.source_of(name) for name in ("title", "volume", "pages")}
    assert owners == {"title": "pubmed:all.xml", "volume": "pubmed:all.xml", "pages": "seeds"}
    corrected = source_of("ris", "library.ris"), paper(title="AN INVENTED TRIAL", volume="8", pages="2-9")
    assert loaded([corrected], held).record == held.record


KAPURAL, YU = {"family": "Kapural", "initials": "L"}, {"family": "Yu", "initials": "C"}


def test_what_a_reference_file_did_not_read_says_nothing_against_pubmed_in_either_order() -> None:
    indexed = pubmed("indexed.xml", type="ARTICLE", authors=[KAPURAL, YU])
    exported = source_of("ris", "a.ris"), paper(type="OTHER", authors=[KAPURAL], authors_complete=False)
    for files in permutations([indexed, exported]):
        assert loaded(files).record == indexed[1]


def test_of_two_reference_files_the_one_that_names_all_authors_and_the_kind_stands_in_either_order() -> None:
    short = source_of("table", "a.csv"), paper(type="OTHER", authors=[KAPURAL], authors_complete=False)
    full = source_of("ris", "b.ris"), paper(type="REVIEW", authors=[KAPURAL, YU])
    for files in permutations([short, full]):
        assert loaded(files).record == full[1]


def test_a_reference_file_cannot_change_what_pubmed_has_said_too() -> None:
    exported = source_of("ris", "export.ris"), paper(year=2015, issue="4")
    indexed = pubmed("indexed.xml", year=2015, volume="123")
    another = source_of("ris", "export.ris"), paper(year=2014, issue="5")
    assert loaded([exported, indexed, another]).record == paper(year=2015, volume="123", issue="5")


@st.composite
def files(draw: st.DrawFn) -> list[File]:
    """Files from PubMed that say something of one paper; some say when it was revised."""
    made: list[File] = []
    for place in range(draw(st.integers(2, 5))):
        state = draw(st.sampled_from(list(RetractionState)))
        record = paper(
            title=draw(st.sampled_from(["One", "Other"])),
            volume=draw(st.sampled_from([None, "1", "2"])),
            note=draw(st.sampled_from([None, "a note"])),
            type=draw(st.sampled_from(["OTHER", "ARTICLE", "REVIEW"])),
            authors=draw(st.sampled_from([[], [KAPURAL], [KAPURAL, YU]])),
            authors_complete=draw(st.booleans()),
            retraction=Retraction(state=state, date=draw(st.sampled_from([None, "2019", "2020"]))),
            revised=draw(st.sampled_from([None, "2020-01-01", "2021-01-01"])),
        )
        made.append((source_of("pubmed", f"file-{place}.xml"), record))
    return made


@given(files(), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_what_was_loaded_once_changes_nothing_in_whatever_order_it_is_loaded_again(
    sources: list[File], random: Random
) -> None:
    held = loaded(sources)
    random.shuffle(sources)
    assert loaded(sources, held).record == held.record
