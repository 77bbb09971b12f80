"""SYNERGY: which works a systematic review screened, and which of them it included, as identifiers in a CSV file.

Source: the SYNERGY dataset of ASReview, https://github.com/asreview/synergy-dataset. Only included works are read: what
a review screened and left out is none of its evidence. Of the review the file tells no more than its own name does
(``Chou_2003_ids.csv``); of a work no more than its identifiers. The rest stays unknown until the citations are loaded.
"""

import re
from collections.abc import Iterator
from pathlib import PurePath
from typing import BinaryIO

from pydantic import ValidationError

from loaders.appearance import decoded
from loaders.encoding import read_text
from loaders.identifiers import chosen
from loaders.rows import rows
from schema.citation import Author, Citation, citation_id
from schema.ids import slug
from schema.parsed import Parsed, Problem
from schema.study import Study
from schema.terms import CitationType, StudyDesign

VERSION = "1"

_NEEDED = frozenset({"label_included", "openalex_id"})
_NAMED = re.compile(r"(?P<author>[^\W\d]+(?:[_-][^\W\d]+)*)_(?P<year>\d{4})(?:_ids)?", re.UNICODE)


def detect(head: bytes, name: str) -> bool:  # noqa: ARG001 (every format is told the name)
    """Tell by the first line (unpacked) whether this is a list of included works; the name does not count."""
    first = (decoded(head) or "").lstrip("\ufeff \t\r\n").split("\n", 1)[0]
    return {cell.strip().casefold() for cell in first.split(",")} >= _NEEDED


def parse(stream: BinaryIO, name: str) -> Iterator[Parsed | Problem]:
    """Yield a Citation for each included work, then the review: a Citation and a Study. Never raises on content."""
    text, problems = read_text(stream, name)
    yield from problems
    review = _NAMED.match(PurePath(name).name)
    if review is None:
        yield Problem(name, "whose review this is cannot be told: call the file by author and year, Chou_2003_ids.csv")
        return
    columns: list[str] | None = None
    reports: dict[str, str] = {}
    printed: list[str] = []
    screened = 0
    for row in rows(text, name):
        if isinstance(row, Problem):
            yield row
            yield Problem(name, "the review is left out, for its table does not go to its end")
            return
        if columns is None:
            columns = [cell.strip().casefold() for cell in row.cells]
            continue
        fields = dict(zip(columns, row.cells, strict=False))
        label = fields.get("label_included", "").strip()
        screened += 1
        if label not in ("0", "1"):
            message = f"whether this work was included is not said ({label[:20]!r}); expected 0 or 1"
            yield Problem(row.where, message)
        elif label == "1":
            yield from _work(fields, row.where, reports, printed)
    if not printed:
        yield Problem(name, f"no work is marked as included among {screened:,}; the review is left out")
        return
    yield from _review(review["author"], int(review["year"]), tuple(reports), tuple(printed), name)


def _work(
    fields: dict[str, str], where: str, reports: dict[str, str], printed: list[str]
) -> Iterator[Parsed | Problem]:
    warnings: list[str] = []
    pmid = chosen("pmid", [fields.get("pmid", "")], warnings)
    doi = chosen("doi", [fields.get("doi", "")], warnings)
    yield from (Problem(where, message, rejected=False) for message in warnings)
    names = [*([f"PMID {pmid}"] if pmid else []), *([f"doi:{doi}"] if doi else [])]
    printed.append(", ".join(names) or fields.get("openalex_id", "").strip() or where)
    if not names:
        yield Problem(where, f"{printed[-1]} was included, and has no PMID and no DOI to find it by", rejected=False)
        return
    key = citation_id(pmid=pmid, doi=doi)
    if key in reports:
        yield Problem(where, f"{key} is listed at {reports[key]} already", rejected=False)
        printed.pop()
        return
    reports[key] = where
    unread = ("title", "authors", "year")
    yield Parsed(Citation(id=key, title=None, pmid=pmid, doi=doi, authors_complete=False, not_read=unread), where)


def _review(
    author: str, year: int, reports: tuple[str, ...], printed: tuple[str, ...], name: str
) -> Iterator[Parsed | Problem]:
    family = author.replace("_", " ")
    key = f"synergy-{slug(family)}-{year}"
    try:
        citation = Citation(
            id=citation_id(local=key),
            title=None,
            type=CitationType.REVIEW,
            authors=(Author(family=family),),
            authors_complete=False,
            year=year,
            verification_note="known by its author and year alone; give its DOI or PMID",
            not_read=("title", "doi", "pmid"),
        )
        study = Study(
            id=key,
            name=f"{family} {year}",
            design=StudyDesign.SYSTEMATIC_REVIEW,
            citations=(citation.id,),
            includes_as_printed=printed,
            included_reports=reports,
        )
    except ValidationError as refused:
        yield Problem(name, f"the review is left out: {refused.errors(include_url=False)[0]['msg']}")
        return
    yield Parsed(citation, name)
    yield Parsed(study, name)
