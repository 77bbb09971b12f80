"""Crossref's replies."""

import io
import json
import re
from pathlib import Path

import pytest

from loaders import crossref
from schema.parsed import Parsed
from schema.terms import CitationLinkKind, CitationType, RetractionState
from tests.loaders.reading import format_of, read, rejected

REPLIES = Path(__file__).parents[1] / "fixtures" / "replies"
SHARED = Path(__file__).parents[3] / "shared" / "data" / "crossref"


def test_a_work_is_read_in_full():
    (work,), problems = read(crossref, (REPLIES / "crossref_work.json").read_bytes())
    assert problems == []
    assert (work.id, work.doi) == ("doi:10.5555/invented.7", "10.5555/invented.7")
    assert work.title == "An invented trial: Two-year results"
    assert (work.year, work.published, work.volume, work.issue, work.pages) == (2021, "2021-05", "7", "2", "11-19")
    assert (work.journal, work.journal_abbreviation) == ("Journal of Invented Trials", "J Inv Trials")
    assert [author.name for author in work.authors] == ["Author7 AB", "Invented Study Group"]
    assert (work.authors[0].orcid, work.authors[0].affiliations) == ("0000-0002-1825-0097", ("Invented University",))
    assert (work.grants[0].agency, work.grants[0].number) == ("Invented Fund", "A-1")
    assert work.abstract[0].text == "Nothing was found with p<0.05."


def test_a_retraction_outweighs_a_correction_and_both_are_linked():
    (work,), _ = read(crossref, (REPLIES / "crossref_work.json").read_bytes())
    assert (work.retraction.state, work.retraction.date) == (RetractionState.RETRACTED, "2023-04-02")
    assert work.retraction.notice_doi == "10.5555/notice.2"
    assert {link.kind: link.doi for link in work.links} == {
        CitationLinkKind.ERRATUM_IN: "10.5555/notice.1",
        CitationLinkKind.RETRACTION_IN: "10.5555/notice.2",
    }


def test_a_notice_is_a_notice_and_names_what_it_retracts():
    (notice,), problems = read(crossref, (REPLIES / "crossref_notice.json").read_bytes())
    assert notice.type is CitationType.NOTICE
    assert notice.retraction.state is RetractionState.NONE_FOUND
    assert [(link.kind, link.doi) for link in notice.links] == [(CitationLinkKind.RETRACTION_OF, "10.5555/invented.7")]
    # A journal is registered at Crossref too, and is no publication.
    assert [(one.where, "journal" in one.message) for one in problems] == [("file: work 2", True)]


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("removal", RetractionState.REMOVED),
        ("withdrawal", RetractionState.RETRACTED),
        ("expression_of_concern", RetractionState.EXPRESSION_OF_CONCERN),
        ("corrigendum", RetractionState.CORRECTED),
        ("new_version", RetractionState.NONE_FOUND),
    ],
)
def test_each_kind_of_update_is_a_state_of_its_own(kind: str, state: RetractionState):
    text = (REPLIES / "crossref_work.json").read_text().replace('"retraction"', f'"{kind}"').replace('"erratum"', '"x"')
    (work,), _ = read(crossref, text)
    assert work.retraction.state is state


def test_a_work_that_was_retracted_in_its_own_place_is_retracted_and_no_notice():
    text = (REPLIES / "crossref_notice.json").read_text()
    own = re.search(r'"DOI": ?"([^"]+)"', text)
    assert own is not None
    (work,), _ = read(crossref, text.replace("10.5555/invented.7", own[1].upper()))
    assert work.retraction.state is RetractionState.RETRACTED
    assert work.type is not CitationType.NOTICE
    assert (work.retraction.notice_doi, work.links) == (own[1], ())


@pytest.mark.parametrize(
    ("date", "state"),
    [
        ("[[2024, 1, 9]]", RetractionState.REINSTATED),
        # Retracted again after it stood again, and two dates of which nobody knows which was first.
        ("[[2022, 1, 9]]", RetractionState.RETRACTED),
        ("[[2023]]", RetractionState.RETRACTED),
        ("[]", RetractionState.RETRACTED),
    ],
)
def test_only_a_later_reinstatement_takes_a_retraction_back(date: str, state: RetractionState):
    notice = f'{{"DOI": "10.5555/notice.3", "type": "reinstatement", "updated": {{"date-parts": {date}}}}}, '
    text = (REPLIES / "crossref_work.json").read_text().replace('"updated-by": [', f'"updated-by": [{notice}')
    (work,), _ = read(crossref, text)
    assert work.retraction.state is state
    assert {link.doi for link in work.links} == {"10.5555/notice.1", "10.5555/notice.2", "10.5555/notice.3"}


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"message-type":"work"}', '{"message": {"items": [1, null]}}', "[" * 99_999]
)
def test_a_broken_reply_is_told(text: str):
    records, problems = read(crossref, text)
    assert records == []
    assert rejected(problems) or text.endswith("]}}")


def test_every_reply_of_the_interface_is_read():
    if not SHARED.is_dir():
        pytest.skip("the replies of Crossref (../shared/data/crossref) are not here")
    count = 0
    for path in sorted(SHARED.glob("*.json")):
        content = path.read_bytes()
        assert format_of(content) == "crossref"
        for item in crossref.parse(io.BytesIO(content), path.name):
            count += isinstance(item, Parsed)
            assert isinstance(item, Parsed) or "no publication" in item.message, item
    assert count > 25


def test_an_author_without_a_name_gives_the_orcid_and_place_to_nobody_else():
    nobody = '{"given":"","affiliation":[{"name":"Elsewhere"}]}'
    named = '{"family":"Example","ORCID":"https://orcid.org/0000-0002-1825-0097","affiliation":[{"name":"Here"}]}'
    work = f'{{"DOI":"10.5555/a","title":["A"],"author":[{nobody},{named}]}}'
    (record,), _ = read(crossref, f'{{"message-type":"work","message":{work}}}')
    (author,) = record.authors
    assert (author.family, author.orcid, author.affiliations) == ("Example", "0000-0002-1825-0097", ("Here",))


def test_the_headings_of_an_abstract_are_no_part_of_its_words():
    jats = (
        "<jats:title>Abstract</jats:title><jats:sec><jats:title>Background</jats:title><jats:p>Pain of 10<jats:sup>-3"
        "</jats:sup> A.</jats:p></jats:sec><jats:sec><jats:title>Methods</jats:title><jats:p>We looked.</jats:p>"
        "</jats:sec>"
    )
    (work,), _ = read(crossref, json.dumps({"message-type": "work", "message": {"DOI": "10.5555/x", "abstract": jats}}))
    assert [(part.label, part.text) for part in work.abstract] == [
        ("Background", "Pain of 10⁻³ A."),
        ("Methods", "We looked."),
    ]


def test_a_notice_of_a_kind_of_its_own_is_linked_by_its_name():
    update = {"DOI": "10.5555/other", "type": "addendum", "label": "Addendum"}
    (work,), _ = read(
        crossref, json.dumps({"message-type": "work", "message": {"DOI": "10.5555/x", "updated-by": [update]}})
    )
    (link,) = work.links
    assert (link.kind, link.doi, link.note) == (CitationLinkKind.OTHER, "10.5555/other", "Addendum")
    assert work.retraction.state is RetractionState.NONE_FOUND
