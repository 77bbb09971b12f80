"""The seeds say what was read, to the last digit, and nothing else: compared with the facts, where these are here."""

from collections import Counter
from typing import Any

from schema.citation import Citation
from schema.finding import Finding
from schema.gene_drug_pair import GeneDrugPair
from schema.ids import normalise_doi
from schema.instrument import Instrument
from schema.page import Page, Reference, Statement
from schema.terms import VerificationState
from tests.seeds.conftest import Seeds

AREAS = (
    "neuromodulation", "regenerative", "tens_ultrasound", "psychological", "digital", "precision", "fulltext",
    "earlier", "retractions",
)  # fmt: skip
ARM = ("n", "n_randomised", "events", "percent", "mean", "sd", "se", "ci_low", "ci_high", "median")
EFFECT = ("estimate", "ci_low", "ci_high")

#: Values that stand as baseline of another result, because they are no result of their own.
BASELINE = {"kroenke2014scope": ("BPI at baseline",)}


def records(facts: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the records of all areas."""
    return [record for area in AREAS for record in facts[area]]


def identity(record: dict[str, Any], seeds: Seeds) -> str:
    """Return the id under which the seeds hold the report of a record."""
    unread = record.get("not_read", ()) if record["tier"] == "D" else ()
    for field in ("pmid", "doi", "pmcid"):
        if record.get(field) and field not in unread:
            wanted = normalise_doi(record[field]) if field == "doi" else record[field]
            for citation in seeds.citations.values():
                if getattr(citation, field) == wanted:
                    return citation.id
    return f"local:{record['key']}"


def figures(finding: Finding) -> Counter[tuple[str, float]]:
    """Return the figures of a finding."""
    found: Counter[tuple[str, float]] = Counter()
    for arm in finding.arms:
        found.update((field, float(value)) for field in ARM if (value := getattr(arm, field)) is not None)
    if finding.effect is not None:
        effect = finding.effect
        found.update((f"effect.{field}", float(v)) for field in EFFECT if (v := getattr(effect, field)) is not None)
    return found


def test_every_figure_is_the_one_that_was_read_and_none_is_added(seeds: Seeds, facts: dict[str, Any]) -> None:
    about_papers = {word for group in facts["vocabulary"]["unmapped"]["outcomes"] for word in group["words"]}
    held: dict[str, Counter[tuple[str, float]]] = {}
    for finding in seeds.all(Finding):
        held.setdefault(finding.citation, Counter()).update(figures(finding))
    compared = 0
    for record in records(facts):
        read: Counter[tuple[str, float]] = Counter()
        usable = record["tier"] == "A" and not record.get("retracted")
        if usable and (record.get("second_reading") or {}).get("status") != "REFUTED":
            for result in record["results"]:
                if result["outcome"] in about_papers or result["outcome"] in BASELINE.get(record["key"], ()):
                    continue
                for arm in result.get("arms") or []:
                    read.update((field, float(arm[field])) for field in ARM if arm.get(field) is not None)
                contrast = result.get("contrast") or {}
                read.update((f"effect.{f}", float(contrast[f])) for f in EFFECT if contrast.get(f) is not None)
        compared += read.total()
        assert held.get(identity(record, seeds), Counter()) == read, record["key"]
    assert compared > 4000


def test_every_work_is_held_once_and_in_its_state(seeds: Seeds, facts: dict[str, Any]) -> None:
    twice = {"simister2018actfm", "lopezvalverde2020dental"}
    found = {identity(record, seeds): record for record in records(facts) if record["key"] not in twice}
    assert set(found) == set(seeds.citations)
    for identifier, record in found.items():
        citation: Citation = seeds.citations[identifier]
        verified = citation.verification is VerificationState.VERIFIED
        assert verified == (record["tier"] in "AB"), record["key"]
        assert citation.retraction.state == (record.get("retraction") or {}).get("state", "NONE_FOUND"), record["key"]


def test_instruments_keep_every_threshold_with_its_source(seeds: Seeds, facts: dict[str, Any]) -> None:
    held = {instrument.id: instrument for instrument in seeds.all(Instrument)}
    for instrument in facts["instruments"]:
        thresholds = [(t.value, t.value_high, str(t.meaning), t.source_url) for t in held[instrument["key"]].thresholds]
        assert thresholds == [
            (m["value"], m.get("value_high"), m["estimate_of"], m["source_url"]) for m in instrument["mid"] if m["read"]
        ], instrument["key"]


def test_gene_drug_pairs_keep_their_levels_and_unknown_stays_unknown(seeds: Seeds, facts: dict[str, Any]) -> None:
    held = {(pair.gene, pair.drug): pair.level for pair in seeds.all(GeneDrugPair)}
    assert held == {(pair["gene"], pair["drug"]): pair["level"] for pair in facts["gene_drug"]["pairs"]}
    assert {pair.source for pair in seeds.all(GeneDrugPair)} == {"CPIC (CC0)"}


def test_the_page_keeps_its_statements_and_what_checking_its_references_found(
    seeds: Seeds, facts: dict[str, Any]
) -> None:
    (page,) = seeds.all(Page)
    assert page.id == "recent-advances-in-pain-management"
    statements = seeds.all(Statement)
    assert [statement.claim for statement in statements] == [whole(s, "claim") for s in facts["page"]["statements"]]
    assert [s.id for s in statements if s.strength == "HEDGES"] == ["s05", "s10", "s11", "s17"]
    references: list[Reference] = seeds.all(Reference)
    assert [reference.printed for reference in references] == [r["printed"] for r in facts["page"]["references"]]
    assert [reference.verdict for reference in references] == [whole(r, "verdict") for r in facts["page"]["references"]]
    assert [str(r.verification) for r in references] == ["VERIFIED", "NOT_FOUND", "MISMATCH"]
    assert [r.citation for r in references] == ["pmid:21238951", None, "local:smith2004sleep"]


def whole(entry: dict[str, Any], last: str) -> str:
    """Return the last value of a flow entry; its unquoted commas made keys of what followed them."""
    return ", ".join([entry[last], *(key for key, value in entry.items() if value is None and key != "study")])
