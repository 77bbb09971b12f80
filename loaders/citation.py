"""From the fields that a citation file gives to a validated Citation; what the schema refuses is left out and told."""

import re
from collections.abc import Callable, Iterable, Iterator
from html import unescape
from importlib import import_module
from typing import Any

from pydantic import ValidationError

from loaders.one_line import one_line
from loaders.pubmed.kinds import citation_type
from loaders.pubmed.links import retraction
from loaders.pubmed.text import text_of
from schema.citation import Citation, citation_id, local_key
from schema.ids import PREFIXES
from schema.parsed import Parsed, Problem
from schema.terms import CitationType, RetractionState

Fields = dict[str, Any]

# Rounds of leaving out what the schema refuses: a refused part may have hidden another one.
_ROUNDS = 4
_MARKUP = re.compile(
    r"</?(?:i|b|u|em|strong|sub|sup|inf|p|span|jats:[a-z]+|mml:[a-z]+|math)(?:\s[^<>]*)?/?>", re.IGNORECASE
)
# What Crossref (JATS) and Europe PMC (HTML) put abstracts together from: headings, and what stands around texts.
_HEADING = re.compile(r"<(jats:title|h[1-6])(?:\s[^<>]*)?>(.*?)</\1\s*>", re.IGNORECASE | re.DOTALL)
_AROUND = re.compile(r"</?(?:jats:)?(?:sec|p|list|list-item)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_HTTP = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{1,6}|#x[0-9a-fA-F]{1,5});")
#: How publishers mark the title of a retracted article, before it or ("(Retracted article. See vol. 12, 2020)") after
#: it. A muscle may be retracted too: without the word article a mark at the end begins with a capital.
_MARK = r"[Rr]etracted|RETRACTED"
_WORK = r"[Aa]rticle|[Pp]aper|[Pp]ublication|ARTICLE|PAPER|PUBLICATION"
_RETRACTED_TITLE = re.compile(
    rf"^\W*(?:{_MARK})(?:\s+(?:{_WORK}))?\s*:"
    rf"|^\W*[\[(]\s*(?:{_MARK})(?:\s+(?:{_WORK}))?\s*[\])]"
    rf"|[\[(]\s*(?:(?:{_MARK})\s+(?:{_WORK})\b[^\])]*|Retracted|RETRACTED)\s*[\])]\W*$"
)
#: Cochrane withdraws reviews that are out of date, others withdraw what is wrong: only a person can tell.
_WITHDRAWN_TITLE = re.compile(r"\W*withdrawn(?:\s+article)?\s*:", re.IGNORECASE)

# Fields that are one text, and the longest of some of them.
_TEXTS = ("title", "journal", "journal_abbreviation", "volume", "issue", "pages", "language")
_LONGEST = (("volume", 60), ("issue", 60), ("pages", 120))

# Publication types of PubMed as EndNote puts them into its notes, a line each.
_NOTED_TYPES = frozenset(
    {"journal article", "review", "systematic review", "meta-analysis", "retracted publication", "editorial", "letter",
     "comment", "published erratum", "practice guideline", "guideline", "expression of concern", "preprint",
     "retraction of publication", "retraction notice", "clinical trial protocol", "randomized controlled trial"}
)  # fmt: skip
# Types as the databases name them, in PubMed's words.
_TYPE_NAMES = {
    "conference abstract": "Meeting Abstract",
    "abstract": "Meeting Abstract",
    "retracted": "Retracted Publication",
    "retracted article": "Retracted Publication",
    "retracted publication": "Retracted Publication",
    "retraction": "Retraction of Publication",
    "erratum": "Published Erratum",
    "correction": "Published Erratum",
    "editorial material": "Editorial",
    "review article": "Review",
    "article": "Journal Article",
}


class Unreadable(Exception):
    """A record that no citation can be made of; the message says why."""


def parsed(
    fields: Fields, source: str, where: str, warnings: list[str], *, lines: bool = False
) -> Iterator[Parsed | Problem]:
    """Yield the warnings and the Citation of one record, or the Problem that there is none.

    ``fields``: those of a Citation as far as they were read; identifiers are normalised already. ``source``: the
    format's name for people, with its article: ``a RIS file``. ``lines``: each text is on one line already.
    """
    yield from told(lambda: citation(fields, source, warnings, lines=lines), where, warnings)


def told(make: Callable[[], Citation], where: str, warnings: list[str]) -> Iterator[Parsed | Problem]:
    """Yield the Citation that is made and the warnings that come with it, or the Problem that it is Unreadable."""
    try:
        record = make()
    except Unreadable as error:
        yield Problem(where, "; ".join([str(error), *warnings]))
        return
    for warning in warnings:
        yield Problem(where, f"{record.id}: {warning}", rejected=False)
    yield Parsed(record, where)


def citation(fields: Fields, source: str, warnings: list[str], *, lines: bool = False) -> Citation:
    """Return the Citation of the fields. Raises :class:`Unreadable` for a record without identifier and title."""
    tidy = _unmarked if lines else plain
    for name in _TEXTS:
        if text := fields.get(name):
            fields[name] = tidy(text)
    if sections := fields.get("abstract"):
        parts = [part for section in sections for part in _by_headings(section)]
        fields["abstract"] = [{**part, "text": text} for part in parts if (text := tidy(part.get("text")))]
    if words := fields.get("keywords"):
        fields["keywords"] = list(dict.fromkeys(filter(None, map(tidy, words))))
    for name, longest in _LONGEST:
        if (text := fields.get(name)) and len(text) > longest:
            warnings.append(f"{name} is left out: {text[:40]!r}… is too long for one")
            fields[name] = None
    pmid, doi = fields.get("pmid"), fields.get("doi")
    if not (pmid or doi or fields.get("pmcid") or fields.get("title")):
        raise Unreadable("a record without identifier (DOI, PMID) and title is left out; give it one of them")
    fields["id"] = own_id(fields)
    if pmid or doi:
        fields["source_url"] = f"{PREFIXES['PMID'][1]}{pmid}/" if pmid else f"{PREFIXES['DOI'][1]}{doi}"
    fields["verification_note"] = f"from {source}; not compared with an index yet"
    _retracted(fields, warnings)
    return validated({name: value for name, value in fields.items() if value or value is False}, warnings)


def own_id(fields: Fields) -> str:
    """Return the id made from the best identifier of the fields, else from what the record prints (its title)."""
    pmid, doi, pmcid = fields.get("pmid"), fields.get("doi"), fields.get("pmcid")
    if pmid or doi or pmcid:
        return citation_id(pmid=pmid, doi=doi, pmcid=pmcid)
    people: list[Fields] = fields.get("authors") or [{}]
    first = people[0]
    key = local_key(
        fields["title"],
        year=fields.get("year"),
        author=first.get("family") or first.get("collective"),
        journal=fields.get("journal"),
        pages=fields.get("pages"),
    )
    return citation_id(local=key)


def validated(fields: Fields, warnings: list[str]) -> Citation:
    """Return the Citation of fields whose ``id`` is set; what the schema refuses is left out, and told.

    Raises :class:`Unreadable` where nothing is left that makes a citation.
    """
    for _ in range(_ROUNDS):
        try:
            return Citation.model_validate({"title": None, **fields})
        except ValidationError as error:
            _leave_out(fields, error, warnings)
    raise Unreadable("the record does not hold what a citation needs; look whether the file was changed by hand")


def plain(text: str | None) -> str | None:
    """Return a text on one line, without the markup and character references that exports leave in it."""
    if not text:
        return None
    if "<" in text and _MARKUP.search(text):
        text = _without_markup(text)
    if "&" in text and _ENTITY.search(text):
        text = unescape(text)
    return one_line(text) or None


def _unmarked(text: str | None) -> str | None:
    """The same of a text on one line."""
    return plain(text) if text and ("<" in text or "&" in text) else text


def _by_headings(section: Fields) -> list[Fields]:
    """Part a text of an abstract at the headings that stand in it as markup."""
    text = section.get("text")
    if not text or "<" not in text or not _HEADING.search(text):
        return [section]
    first, *rest = _HEADING.split(_AROUND.sub(" ", text))
    parts: list[Fields] = [{**section, "text": first}]
    for heading, below in zip(rest[1::3], rest[2::3], strict=True):
        label = (plain(heading) or "").rstrip(" :.")
        if label.casefold() in ("", "abstract"):
            parts.append({"text": below})
        else:
            # A heading with nothing below it says something by itself.
            parts.append({"label": label, "text": below} if plain(below) else {"text": label})
    return parts


def typed(names: Iterable[str], default: CitationType, fields: Fields) -> None:
    """Set the publication types and the type; ``default`` is what the format's own type says."""
    types = list(dict.fromkeys([_TYPE_NAMES.get(name.casefold(), name) for name in names if name.strip()]))
    if not types:
        fields["publication_types"], fields["type"] = [], default
        return
    found = citation_type([(name, None) for name in types])
    fields["publication_types"] = types
    fields["type"] = default if found in (CitationType.ARTICLE, CitationType.OTHER) else found


def noted_types(lines: Iterable[str]) -> list[str]:
    """Return the publication types among the lines of a note."""
    return [bare for line in lines if len(bare := line.strip()) < 40 and bare.casefold() in _NOTED_TYPES]


def http(addresses: Iterable[str]) -> str | None:
    """Return the first address that a browser can open."""
    return next(filter(_HTTP.fullmatch, addresses), None)


def _retracted(fields: Fields, warnings: list[str]) -> None:
    if fields.get("retraction"):
        return
    types: list[tuple[str, str | None]] = [(name, None) for name in fields.get("publication_types") or ()]
    linked: list[dict[str, Any]] = fields.get("links") or []
    url, title = fields.get("source_url"), fields.get("title") or ""
    if (linked or types) and (found := retraction(linked, types, url)):
        fields["retraction"] = found
    elif _RETRACTED_TITLE.search(title):
        reason = "so marked in its title"
        fields["retraction"] = {"state": RetractionState.RETRACTED, "source_url": url, "reason": reason}
    elif _WITHDRAWN_TITLE.match(title) or ("Withdrawn Publication", None) in types:
        warnings.append("it is marked as withdrawn: look whether it was out of date or wrong, and set the retraction")


def _without_markup(text: str) -> str:
    """Raised and lowered numbers stay apart from their neighbours: ``10<sup>-3</sup>`` is not 10-3."""
    # lxml ships no types, and takes its time to import.
    etree: Any = import_module("lxml.etree")
    bare = re.sub(r"(</?)(?:mml|jats):", r"\1", text)
    # Whatever is no known markup is text: p<0.05.
    safe = re.sub(r"&(?!\w+;|#)", "&amp;", re.sub(r"<(?!/?[a-zA-Z]+[\s/>])", "&lt;", bare))
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        root: Any = etree.fromstring(f"<text>{_unescape_named(safe)}</text>", parser)
        return text_of(root) or ""
    except (etree.XMLSyntaxError, ValueError):
        return _MARKUP.sub(" ", text)


def _unescape_named(text: str) -> str:
    """Resolve HTML's named characters, but for those that XML needs."""
    return re.sub(
        r"&(?!(?:amp|lt|gt|quot|apos|#\w+);)(\w+);", lambda match: unescape(match[0]).replace("&", "&amp;"), text
    )


def _leave_out(fields: Fields, error: ValidationError, warnings: list[str]) -> None:
    """Take out each value that the schema refuses, by its path; a part that lacks something goes as a whole."""
    refused: dict[tuple[int | str, ...], str] = {}
    for fault in error.errors(include_url=False):
        path = fault["loc"][:-1] if fault["type"] == "missing" else fault["loc"]
        refused.setdefault(path, str(fault["msg"]).removeprefix("Value error, "))
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
