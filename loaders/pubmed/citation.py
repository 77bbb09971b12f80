"""From fields to a validated Citation; what the schema refuses is left out and told."""

import re
from hashlib import sha256
from typing import Any

from pydantic import ValidationError

from loaders.pubmed.article import Fields, article_fields, book_fields
from loaders.pubmed.links import retraction
from loaders.pubmed.text import Element
from schema.citation import Citation, citation_id
from schema.ids import PREFIXES, BadIdentifier, fold, normalise_doi, normalise_pmcid, normalise_pmid, slug
from schema.terms import VerificationState

# Rounds of leaving out what the schema refuses: a refused part may have hidden another one.
_ROUNDS = 4
_NORMALISE = {"pmid": normalise_pmid, "doi": normalise_doi, "pmcid": normalise_pmcid}
_PLAIN_PMID = re.compile(r"[1-9][0-9]{0,8}")


class Unreadable(Exception):
    """A record that no citation can be made of; the message says why."""


def citation(record: Element, official: bool, warnings: list[str]) -> Citation:
    """Return the Citation of a PubmedArticle, MedlineCitation or PubmedBookArticle.

    ``official``: the document names NLM's own document type. ``warnings`` grows by what was left out.
    Raises :class:`Unreadable` for a record without PMID and title.
    """
    read = book_fields if record.tag == "PubmedBookArticle" else article_fields
    fields, types = read(record, warnings)
    _normalise(fields, warnings)
    pmid, title = fields.get("pmid"), fields.get("title")
    if not pmid and not title:
        raise Unreadable("a record without PMID and title is left out; look whether the file was changed by hand")
    fields["title"] = title
    url = f"{PREFIXES['PMID'][1]}{pmid}/" if pmid else None
    fields["id"] = citation_id(
        pmid=pmid, doi=fields.get("doi"), pmcid=fields.get("pmcid"), local=None if pmid else _local_id(fields)
    )
    fields["source_url"] = url
    if found := retraction(fields.get("links", []), types, url):
        fields["retraction"] = found
    _verification(fields, official)
    return _validated(fields, warnings)


def _normalise(fields: Fields, warnings: list[str]) -> None:
    """The identifiers that the record's id is made from come first; the schema normalises the others."""
    if _PLAIN_PMID.fullmatch(fields.get("pmid") or ""):
        return
    for name, normalise in _NORMALISE.items():
        text = fields.get(name)
        if text is None:
            continue
        try:
            fields[name] = normalise(text)
        except BadIdentifier as error:
            warnings.append(f"{name} is left out: {error}")
            fields[name] = None


def _local_id(fields: Fields) -> str:
    """Made of what the record prints, so that the same record gets the same id again."""
    title: str = fields["title"]
    people: list[Fields] = fields.get("authors") or [{}]
    lead = slug(f"{people[0].get('family') or people[0].get('collective') or ''} {fields.get('year') or ''}")[:40]
    digest = sha256(f"{fold(title) or title}|{fields.get('year')}".encode()).hexdigest()[:12]
    return f"{lead}-{digest}".lstrip("-")


def _verification(fields: Fields, official: bool) -> None:
    if official and fields.get("pmid"):
        fields["verification"] = VerificationState.VERIFIED
        fields["verification_note"] = "as exported by PubMed"
    elif not fields.get("pmid"):
        fields["verification_note"] = "in PubMed's format, but without a PMID"
    else:
        fields["verification_note"] = "in PubMed's format, but the file does not name PubMed's document type"


def _validated(fields: Fields, warnings: list[str]) -> Citation:
    for _ in range(_ROUNDS):
        try:
            return Citation.model_validate(fields)
        except ValidationError as error:
            _leave_out(fields, error, warnings)
    raise Unreadable("the record does not hold what a citation needs; look whether the file was changed by hand")


def _leave_out(fields: Fields, error: ValidationError, warnings: list[str]) -> None:
    """Take out each value that the schema refuses, by its path; a part that lacks something goes as a whole."""
    refused: dict[tuple[int | str, ...], str] = {}
    for fault in error.errors(include_url=False):
        path = fault["loc"][:-1] if fault["type"] == "missing" else fault["loc"]
        reason = str(fault["msg"]).removeprefix("Value error, ")
        refused.setdefault(path, reason)
    for path in sorted(refused, key=lambda path: [str(step).zfill(9) for step in path], reverse=True):
        holder: Any = fields
        for step in path[:-1]:
            holder = holder[step]
        if path:
            del holder[path[-1]]
    for name, reason, count in _summed(refused):
        more = f" (and {count - 1} more)" if count > 1 else ""
        warnings.append(f"{name} is left out: {reason}{more}")


def _summed(refused: dict[tuple[int | str, ...], str]) -> list[tuple[str, str, int]]:
    """(field, first reason, how often), so that a hundred bad references make one line."""
    sums: dict[str, tuple[str, int]] = {}
    for path, reason in refused.items():
        name = ".".join(str(step) for step in path if isinstance(step, str)) or "the record"
        first, count = sums.get(name, (reason, 0))
        sums[name] = (first, count + 1)
    return [(name, reason, count) for name, (reason, count) in sums.items()]
