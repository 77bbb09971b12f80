"""CPIC: gene-drug pairs with their levels, as the table that CPIC publishes (CSV) or as its API answers (JSON).

Sources: https://cpicpgx.org/genes-drugs/ (the table), https://api.cpicpgx.org/v1/pair_view (the API); both CC0. The
medicine is CPIC's name of it; which therapy that is, and which guideline the graph holds, is found when it is loaded.
"""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO, cast

from pydantic import ValidationError

from loaders.appearance import decoded
from loaders.dates import one_date
from loaders.encoding import read_text
from loaders.json_values import document_of
from loaders.rows import rows
from schema.gene_drug_pair import GeneDrugPair
from schema.ids import BadIdentifier, fold, normalise_pmid, slug
from schema.parsed import Parsed, Problem
from schema.terms import CpicLevel, CpicStatus

VERSION = "1"
SOURCE = "CPIC (CC0)"

# Headings of the table, and names of the API, without case and blanks; ClinPGx is PharmGKB's new name.
_FIELDS = {
    "gene": ("gene", "genesymbol"),
    "drug": ("drug", "drugname"),
    "guideline_name": ("guidelinename",),
    "guideline_url": ("guideline", "guidelineurl"),
    "level": ("cpiclevel",),
    "status": ("cpiclevelstatus",),
    "provisional": ("provisional",),
    "pharmgkb_level": ("pharmgkblevelofevidence", "clinpgxlevelofevidence", "pgkbcalevel", "clinpgxlevel"),
    "fda_label": ("pgxonfdalabel", "pgxtesting"),
    "publications": ("cpicpublicationspmid", "pmids", "citations"),
    "removed": ("removed", "dateremoved", "removaldate", "removeddate"),
}
_NAMES = {known: name for name, all_known in _FIELDS.items() for known in all_known}
_RETIRED = "Retired"


def detect(head: bytes, name: str) -> bool:  # noqa: ARG001 (every format is told the name)
    """Tell by the first bytes (unpacked) whether these are CPIC's pairs; the name does not count."""
    text = (decoded(head) or "").lstrip("\ufeff \t\r\n")
    if text[:1] in ("[", "{"):
        return '"genesymbol"' in text and '"cpiclevel"' in text
    return any(_is_header(line) for line in text.splitlines()[:5])


def _is_header(line: str) -> bool:
    return {"gene", "drug", "cpiclevel"} <= {fold(cell) for cell in re.split(r"[,;\t]", line)}


def parse(stream: BinaryIO, name: str) -> Iterator[Parsed | Problem]:
    """Yield one GeneDrugPair per pair, or a Problem that says where and what. Never raises on content."""
    text, problems = read_text(stream, name)
    yield from problems
    pairs = _objects(text, name) if text.lstrip()[:1] in ("[", "{") else _cells(text, name)
    seen: dict[str, str] = {}
    for where, row in pairs:
        if isinstance(row, Problem):
            yield row
            continue
        for found in _pair(row, where):
            if isinstance(found, Parsed) and found.record.id in seen:
                yield Problem(where, f"the pair stands at {seen[found.record.id]} already; keep one of the two")
            else:
                if isinstance(found, Parsed):
                    seen[found.record.id] = where
                yield found
    if not seen:
        yield Problem(name, "no pair was found; expected CPIC's table with the columns Gene, Drug and CPIC Level")


def _cells(text: str, name: str) -> Iterator[tuple[str, dict[str, Any] | Problem]]:
    """Yield the rows of the table; a first line may say when it was made."""
    header = next((line for line in text.split("\n")[:5] if _is_header(line)), "")
    delimiter = max(",;\t", key=header.count)
    columns: list[str] | None = None
    for row in rows(text, name, delimiter):
        if isinstance(row, Problem):
            yield row.where, row
        elif columns is not None:
            yield row.where, dict(zip(columns, row.cells, strict=False))
        elif _is_header(delimiter.join(row.cells)):
            columns = [_NAMES.get(fold(cell), "") for cell in row.cells]


def _objects(text: str, name: str) -> Iterator[tuple[str, dict[str, Any] | Problem]]:
    document = document_of(text, name)
    if isinstance(document, Problem):
        yield document.where, document
        return
    entries = cast("list[Any]", document) if isinstance(document, list) else [document]
    for number, entry in enumerate(entries, 1):
        where = f"{name}#{number}"
        if isinstance(entry, dict):
            yield where, {_NAMES.get(fold(str(key)), ""): value for key, value in cast("dict[Any, Any]", entry).items()}
        else:
            yield where, Problem(where, "an entry is no object and is left out")


def _pair(row: dict[str, Any], where: str) -> Iterator[Parsed | Problem]:
    gene, drug = _text(row.get("gene")), _text(row.get("drug"))
    if not gene or not drug:
        yield Problem(where, f"a pair without {'drug' if gene else 'gene'} is left out")
        return
    told: list[str] = []
    removed = _removed(row.get("removed"), told)
    try:
        pair = GeneDrugPair(
            id=slug(f"{gene} {drug}"),
            gene=gene,
            drug=drug,
            therapy=slug(drug),
            level=_level(row.get("level"), told),
            status=CpicStatus.RETIRED if removed else _status(row, told),
            pharmgkb_level=_text(row.get("pharmgkb_level")),
            fda_label=_text(row.get("fda_label")),
            removed=removed,
            guideline_name=_text(row.get("guideline_name")),
            guideline_url=_text(row.get("guideline_url")),
            publications=tuple(_pmids(row.get("publications"), told)),
            source=SOURCE,
        )
    except ValidationError as refused:
        fault = refused.errors(include_url=False)[0]
        yield Problem(where, f"the pair {gene}, {drug} is left out: {fault['loc'][0]}: {fault['msg']}")
        return
    yield from (Problem(where, f"{gene}, {drug}: {message}", rejected=False) for message in told)
    yield Parsed(pair, where)


def _level(value: Any, told: list[str]) -> CpicLevel | None:
    text = _text(value)
    if text is None or text == _RETIRED:
        return None
    try:
        return CpicLevel(text.upper().replace(" ", ""))
    except ValueError:
        told.append(f"{text[:40]!r} is no CPIC level; it is left out")
        return None


def _status(row: dict[str, Any], told: list[str]) -> CpicStatus | None:
    if _text(row.get("level")) == _RETIRED:
        return CpicStatus.RETIRED
    if isinstance(row.get("provisional"), bool):
        return CpicStatus.PROVISIONAL if row["provisional"] else CpicStatus.FINAL
    text = _text(row.get("status"))
    if text is not None and text.upper() not in CpicStatus.__members__:
        told.append(f"{text[:40]!r} is no status of a level; it is left out")
        return None
    return CpicStatus[text.upper()] if text else None


def _removed(value: Any, told: list[str]) -> str | None:
    text = _text(value)
    if text is None:
        return None
    date = one_date(text)[1]
    if date is None:
        told.append(f"the removal date {text[:40]!r} is none and is left out")
    return date


def _pmids(value: Any, told: list[str]) -> Iterator[str]:
    texts = cast("list[Any]", value) if isinstance(value, list) else re.split(r"[;,\s]+", _text(value) or "")
    for text in filter(None, map(_text, texts)):
        try:
            yield normalise_pmid(text)
        except BadIdentifier as bad:
            told.append(f"a publication is left out: {bad}")


def _text(value: Any) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    # Escapes can name half of a surrogate pair, which no text may hold.
    return value.encode("utf-8", errors="replace").decode().strip() or None if isinstance(value, str) else None
