"""Europe PMC's replies."""

import io
import json
from pathlib import Path

import pytest

from loaders import europe_pmc
from schema.citation import Citation
from schema.parsed import Parsed, Problem
from schema.terms import CitationLinkKind, CitationType, RetractionState
from tests.loaders.reading import format_of, read, rejected

REPLIES = Path(__file__).parents[1] / "fixtures" / "replies"
SHARED = Path(__file__).parents[3] / "shared" / "data" / "epmc"


def test_a_full_record_is_read():
    (work,), problems = read(europe_pmc, (REPLIES / "europe_pmc.json").read_bytes())
    assert problems == []
    assert (work.id, work.type) == ("doi:10.5555/invented.8", CitationType.PREPRINT)
    assert [author.name for author in work.authors] == ["Author8 C", "Invented Group"]
    # The first day of its dates is nobody's: only what was printed counts.
    assert (work.year, work.published) == (2022, "2022")
    assert [(link.kind, link.pmid) for link in work.links] == [(CitationLinkKind.UPDATE_IN, "900009")]


def _result(**fields: object) -> Citation:
    reply = {"hitCount": 1, "resultList": {"result": [{"title": "A title", **fields}]}}
    (work,), problems = read(europe_pmc, json.dumps(reply))
    assert problems == []
    return work


def test_the_headings_of_an_abstract_are_headings():
    text = "Before. <h4>Background</h4>H<sub>2</sub>S for p<0.05.<h4>Results: </h4>None. <h4>Trial registration</h4>"
    abstract = _result(abstractText=text).abstract
    assert [(part.label, part.text) for part in abstract] == [
        (None, "Before."),
        ("Background", "H₂S for p<0.05."),
        ("Results", "None."),
        (None, "Trial registration"),
    ]


@pytest.mark.parametrize(
    ("printed", "kind", "state", "note"),
    [
        ("Retraction in", CitationLinkKind.RETRACTION_IN, RetractionState.RETRACTED, None),
        ("Partial retraction in", CitationLinkKind.ERRATUM_IN, RetractionState.CORRECTED, "partial retraction"),
        ("Preprint of", CitationLinkKind.OTHER, RetractionState.NONE_FOUND, "Preprint of"),
    ],
)
def test_each_link_to_another_work_is_kept(
    printed: str, kind: CitationLinkKind, state: RetractionState, note: str | None
):
    other = {"id": "900010", "source": "MED", "type": printed, "reference": "J Inv. 2023"}
    work = _result(commentCorrectionList={"commentCorrection": [other]})
    assert [(link.kind, link.pmid, link.note) for link in work.links] == [(kind, "900010", note)]
    assert work.retraction.state is state


def test_an_author_known_by_the_full_name_alone_is_kept():
    work = _result(authorList={"author": [{"fullName": "Muster C"}, {"lastName": "Roe", "initials": "A"}]})
    assert [author.name for author in work.authors] == ["Muster C", "Roe A"]


def test_a_query_without_result_says_what_was_asked():
    records, problems = read(europe_pmc, '{"hitCount":0,"request":{"queryString":"x"},"resultList":{"result":[]}}')
    assert records == []
    assert "'x'" in problems[0].message
    assert rejected(problems)


def _citation(item: Parsed | Problem) -> list[Citation]:
    return [item.record] if isinstance(item, Parsed) and isinstance(item.record, Citation) else []


def test_short_and_full_records_of_the_interface_are_read():
    if not SHARED.is_dir():
        pytest.skip("the replies of Europe PMC (../shared/data/epmc) are not here")
    found: dict[str, dict[str, Citation]] = {}
    for name in ("search_cancer.json", "search_cancer_core.json"):
        content = (SHARED / name).read_bytes()
        assert format_of(content) == "europe-pmc"
        items = list(europe_pmc.parse(io.BytesIO(content), name))
        found[name] = {record.id: record for one in items for record in _citation(one)}
        assert len(found[name]) == len(items) == 25
    short, full = found.values()
    assert short.keys() == full.keys()
    for id, one in short.items():
        other = full[id]
        assert (one.title, one.doi, one.pmcid, one.volume, one.pages) == (
            other.title, other.doi, other.pmcid, other.volume, other.pages,
        )  # fmt: skip
