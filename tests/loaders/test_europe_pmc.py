"""Europe PMC's replies."""

import io
from pathlib import Path

import pytest

from loaders import europe_pmc
from schema.citation import Citation
from schema.parsed import Parsed, Problem
from schema.terms import CitationLinkKind, CitationType
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
