"""CPIC's pairs, as a table and as the API answers."""

import io
from pathlib import Path

import pytest

from loaders import cpic
from schema.gene_drug_pair import GeneDrugPair
from schema.parsed import Parsed, Problem
from schema.terms import CpicLevel, CpicStatus

FIXTURES = Path(__file__).parents[1] / "fixtures" / "cpic"


def read(content: bytes | str) -> tuple[list[GeneDrugPair], list[Problem]]:
    data = content.encode() if isinstance(content, str) else content
    found = list(cpic.parse(io.BytesIO(data), "file"))
    pairs = [one.record for one in found if isinstance(one, Parsed) and isinstance(one.record, GeneDrugPair)]
    return pairs, [one for one in found if isinstance(one, Problem)]


def test_the_table_is_read_with_its_levels_and_removals():
    (codeine, poppy, old, strange), problems = read((FIXTURES / "pairs.csv").read_bytes())
    assert (codeine.id, codeine.level, codeine.status) == ("cyp2d6-invented-codeine", CpicLevel.A, CpicStatus.FINAL)
    assert (codeine.pharmgkb_level, codeine.fda_label) == ("1A", "Actionable PGx")
    assert codeine.publications == ("900001", "900002")
    assert codeine.guideline_url == "https://example.org/guideline"
    assert codeine.guideline is None, "which publication is held is found when it is loaded"
    assert (poppy.drug, poppy.level, poppy.status) == ("poppy, pure", CpicLevel.B_OR_C, CpicStatus.PROVISIONAL)
    assert (old.level, old.status, old.removed) == (None, CpicStatus.RETIRED, "2024-05-06")
    assert (strange.level, strange.status, strange.removed, strange.publications) == (None, None, None, ())
    assert [(one.where, one.rejected) for one in problems] == [
        *[("file:6", False)] * 4, ("file:7", True), ("file:8", True),
    ]  # fmt: skip


def test_the_api_s_answer_says_the_same():
    pairs, problems = read((FIXTURES / "pair_view.json").read_bytes())
    from_table = read((FIXTURES / "pairs.csv").read_bytes())[0][:2]
    named = [one.model_copy(update={"guideline_name": None}) for one in pairs]
    assert named == from_table
    assert pairs[0].guideline_name == "CYP2D6 and Opioids"
    assert [one.where for one in problems] == ["file#3"]


@pytest.mark.parametrize("content", ["[" * 50_000, '[{"genesymbol": "A", "cpiclevel"', "Gene,Drug,CPIC Level\n", ""])
def test_what_holds_no_pair_is_told(content: str):
    pairs, problems = read(content)
    assert pairs == []
    assert problems


def test_other_delimiters_are_read():
    for delimiter in (";", "\t"):
        lines = [("Gene", "Drug", "CPIC Level"), ("G6PD", "x", "A")]
        (pair,), problems = read("\n".join(delimiter.join(line) for line in lines))
        assert (pair.gene, pair.level, problems) == ("G6PD", CpicLevel.A, [])
