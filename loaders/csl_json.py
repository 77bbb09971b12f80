"""CSL JSON: what Zotero, Mendeley and Pandoc exchange, and what citation styles are fed with.

Source: the Citation Style Language's schema csl-data.json (1.0.2).
"""

import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO, cast

from loaders.appearance import decoded
from loaders.citation import Fields, http, parsed, typed
from loaders.dates import printed_date
from loaders.encoding import read_text
from loaders.identifiers import chosen, in_addresses, issns, noted
from loaders.json_values import text_of_value, texts
from loaders.people import authors_in_text, person
from schema.parsed import Parsed, Problem
from schema.terms import CitationType

VERSION = "1"

_TYPES = {
    **dict.fromkeys(("article-journal", "article-magazine", "article-newspaper"), CitationType.ARTICLE),
    **dict.fromkeys(("book", "chapter", "entry-encyclopedia", "entry-dictionary", "entry"), CitationType.BOOK),
    **dict.fromkeys(("review", "review-book"), CitationType.REVIEW),
    "article": CitationType.PREPRINT,
}
_TYPE = re.compile(
    r'"type"\s*:\s*"(?:article(?:-\w+)?|book|chapter|entry(?:-\w+)?|paper-conference|report|thesis|webpage|dataset|'
    r"review(?:-book)?|manuscript|speech|post(?:-weblog)?|broadcast|bill|document|standard|software|patent|periodical|"
    r'legislation|legal_case|pamphlet|interview|figure|graphic|map|motion_picture|song|treaty|personal_communication)"'
)
_FIELD = re.compile(r'"(?:title|author|issued|DOI|container-title|id)"\s*:')
_BLANK = re.compile(r"[\s,]*")
_LISTS = ("items", "references")


def detect(head: bytes, name: str) -> bool:  # noqa: ARG001 (every format is told the name)
    """Tell by the first bytes (unpacked) whether this is CSL JSON; the name does not count."""
    text = (decoded(head) or "").lstrip("\ufeff \t\r\n")
    # Crossref's own answer looks much like it.
    return text[:1] in ("[", "{") and '"message-type"' not in text and bool(_TYPE.search(text) and _FIELD.search(text))


def parse(stream: BinaryIO, name: str) -> Iterator[Parsed | Problem]:
    """Yield one Citation per item, or a Problem that says where and what. Never raises on content."""
    text, problems = read_text(stream, name)
    yield from problems
    count = 0
    for line, item in _items(text, name):
        count += 1
        if isinstance(item, Problem):
            yield item
        elif not isinstance(item, dict):
            yield Problem(f"{name}:{line}", f"an item is no object but {json.dumps(item)[:40]}; it is left out")
        else:
            warnings: list[str] = []
            fields = _fields(cast("dict[str, Any]", item), warnings)
            yield from parsed(fields, "a CSL JSON file", f"{name}:{line}", warnings)
    if not count:
        yield Problem(name, "no item was found; expected CSL JSON: a list of objects, each with a type and a title")


def _items(text: str, name: str) -> Iterator[tuple[int, Any]]:
    """Yield (line, item) of the list, one after another; the items before a broken one are good."""
    decoder = json.JSONDecoder()
    at, line = _first(text), 1
    counted = 0
    while at < len(text) and text[at] != "]":
        line, counted = line + text.count("\n", counted, at), at
        try:
            item, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            place = (
                f"{name}:{error.lineno}:{error.colno}" if isinstance(error, json.JSONDecodeError) else f"{name}:{line}"
            )
            reason = (
                error.msg if isinstance(error, json.JSONDecodeError) else "an item is too deep or a number too long"
            )
            yield line, Problem(place, f"the JSON is broken: {reason}; the items before it were read, the rest was not")
            return
        yield line, item
        at = cast("re.Match[str]", _BLANK.match(text, at)).end()


def _first(text: str) -> int:
    """Return where the first item begins: in the list, in the list of a container, or the only object itself."""
    start = cast("re.Match[str]", _BLANK.match(text)).end()
    if text.startswith("{", start):
        match = re.match(rf'\{{\s*"(?:{"|".join(_LISTS)})"\s*:\s*\[', text[start:])
        if match is None:
            return start
        start += match.end() - 1
    return cast("re.Match[str]", _BLANK.match(text, start + 1)).end() if text.startswith("[", start) else start


def _fields(item: dict[str, Any], warnings: list[str]) -> Fields:
    fields: Fields = {"title": text_of_value(item.get("title"))}
    fields["authors"], fields["authors_complete"] = authors(item.get("author"), warnings)
    fields["year"], fields["published"] = printed_date(printed_dates(item.get("issued")), warnings)
    fields["journal"] = text_of_value(item.get("container-title"))
    fields["journal_abbreviation"] = text_of_value(item.get("container-title-short")) or text_of_value(
        item.get("journalAbbreviation")
    )
    for name, key in (("volume", "volume"), ("issue", "issue"), ("pages", "page"), ("language", "language")):
        fields[name] = text_of_value(item.get(key))
    if item.get("type") == "article-journal":
        # The number of an article that has no pages.
        fields["pages"] = fields["pages"] or text_of_value(item.get("number"))
    fields["pages"] = re.sub(r"\s*[\u2010-\u2015]\s*", "-", fields["pages"] or "") or None
    fields["issns"] = issns([part for text in texts(item.get("ISSN")) for part in text.split(",")], warnings)
    fields["abstract"] = [{"text": text_of_value(item.get("abstract"))}]
    fields["keywords"] = [word.strip() for text in texts(item.get("keyword")) for word in re.split("[;,]", text)]
    note, addresses = text_of_value(item.get("note")) or "", texts(item.get("URL"))
    for kind in ("pmid", "pmcid", "doi"):
        # Zotero keeps in the note what CSL has no field for.
        given = texts(item.get(kind.upper())) or noted(kind, note)
        fields[kind] = chosen(kind, given, warnings) or chosen(kind, in_addresses(kind, addresses), warnings)
    default = _TYPES.get(text_of_value(item.get("type")) or "", CitationType.OTHER)
    if default is CitationType.PREPRINT and fields["journal"]:
        default = CitationType.ARTICLE
    typed(texts(item.get("genre")), default, fields)
    fields["source_url"] = http(addresses)
    return fields


def authors(value: Any, warnings: list[str]) -> tuple[list[Fields], bool]:
    """Return the fields of each name of a CSL list, and whether the list is complete.

    Programs that do not keep to the schema write one name in place of a list, or all of them as one text.
    """
    if isinstance(value, str):
        return authors_in_text(value, warnings)
    found: list[Fields] = []
    complete = True
    for one in cast("list[Any]", value) if isinstance(value, list) else [value] if value else []:
        if isinstance(one, str):
            fields = person(one)
        else:
            fields = _author(cast("dict[str, Any]", one)) if isinstance(one, dict) else None
            if fields is None:
                warnings.append(f"an author is left out, for it holds no name: {json.dumps(one)[:60]}")
        if fields and (fields.get("family") or fields.get("collective") or "").casefold() in (
            "others",
            "et al",
            "et al.",
        ):
            complete = False
        elif fields:
            found.append(fields)
    return found, complete


def _author(name: dict[str, Any]) -> Fields | None:
    parts = {key: text_of_value(name.get(key)) for key in ("family", "given", "suffix", "literal", "name")}
    group = parts["literal"] or parts["name"]
    if not parts["family"]:
        # A group; a given name without a family is the only name there is.
        return {"collective": group} if group else person(parts["given"] or "")
    particles = [text_of_value(name.get(f"{kind}-particle")) for kind in ("dropping", "non-dropping")]
    fields: Fields = {"family": " ".join(filter(None, [*particles, parts["family"]]))}
    if parts["given"]:
        named = person(f"x, {parts['given'].replace(',', ' ')}") or {}
        fields.update({key: named[key] for key in ("given", "initials") if key in named})
    if parts["suffix"]:
        fields["suffix"] = parts["suffix"]
    return fields


def printed_dates(issued: Any) -> list[str]:
    """Return the texts of a CSL date: its parts first."""
    if not isinstance(issued, dict):
        return texts(issued)
    date = cast("dict[str, Any]", issued)
    found: list[str] = []
    parts = date.get("date-parts")
    first = cast("list[Any]", parts)[0] if isinstance(parts, list) and parts else None
    if isinstance(first, list):
        numbers = [text_of_value(number) for number in cast("list[Any]", first)[:3]]
        found.append("-".join(number for number in numbers if number))
    return found + [text for key in ("raw", "literal", "year") for text in texts(date.get(key))]
