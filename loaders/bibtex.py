"""BibTeX and BibLaTeX: what Zotero, Mendeley, JabRef, Google Scholar and publishers export.

bibtexparser splits the text into entries and goes on after a broken one. Sources: Patashnik, "BibTeXing" (1988);
Kime, Wemheuer and Lehman, "The biblatex Package".
"""

import logging
import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any, BinaryIO

from loaders.appearance import decoded
from loaders.citation import Fields, http, parsed, typed
from loaders.dates import EMPTY, printed_date
from loaders.encoding import read_text
from loaders.identifiers import chosen, in_addresses, issns, noted
from loaders.people import authors, person
from schema.parsed import Parsed, Problem
from schema.terms import CitationType

VERSION = "1"

_ENTRY = re.compile(r"^[ \t]*@[A-Za-z]+[ \t]*[{(]", re.MULTILINE)
_FIRST = re.compile(r"\s*(?:%|@[A-Za-z]+\s*[{(])")
#: Entry types whose ``journal`` is the book they stand in.
_TYPES = {
    "article": CitationType.ARTICLE,
    "periodical": CitationType.ARTICLE,
    "suppperiodical": CitationType.ARTICLE,
    **dict.fromkeys(
        ("book", "mvbook", "inbook", "bookinbook", "suppbook", "booklet", "collection", "incollection", "mvcollection",
         "reference", "inreference"),
        CitationType.BOOK,
    ),
}  # fmt: skip
# What an entry without a value of its own takes from the one that crossref names.
_INHERITED = ("year", "date", "month", "journal", "journaltitle", "booktitle", "issn", "volume", "number")
#: Entries that hold fields for others, and are no publications themselves.
_NO_PUBLICATIONS = ("xdata", "set")
#: Preprint servers, as they stand in the place of a journal or of an archive.
_PREPRINTS = re.compile(r"(?:arxiv|biorxiv|medrxiv)\b", re.IGNORECASE)
#: What names are joined by, and what hides it: escaped signs and braces.
_AND = re.compile(r"\\.|[{}]|\s+and(?=\s)", re.IGNORECASE | re.DOTALL)
#: One part of a name that says which one it is.
_LABELLED = re.compile(
    r"\s*\b(family|given|prefix|suffix|useprefix|(?:family|given|prefix|suffix)-i)\s*=\s*"
    r"(?:\{([^{}]*)\}|\"?([^,\"]*)\"?)\s*(?:,|$)",
    re.IGNORECASE,
)
#: The ISSNs and the types as BibTeX's users, Scopus, Web of Science and JabRef (from PubMed) name their fields.
_ISSNS = ("issn", "eissn", "print-issn", "electronic-issn", "issn-linking", "linking-issn")
_TYPED = ("type", "document_type", "pubtype")
#: What parts types: commas too, but for those within PubMed's own ("Clinical Trial, Phase I").
_TYPE_ENDS = re.compile(r"\s*(?:;|,(?!\s*(?:Phase|Veterinary|N\.I\.H|Non-|U\.S|P\.H\.S|Extra|Intra|American)))\s*")
# Signs that the reader of TeX drops without a word; Mendeley writes markup with the first two.
_SIGNS = {"less": "<", "greater": ">", "bar": "|"}
_SIGN = re.compile(r"\\text(less|greater|bar)\b(?:\{\}|\s*)")
_RAISED = re.compile(r"\\text(sup|sub)(?:er)?script\s*\{([^{}]*)\}")
# TeX nested deeper than this is no title; its braces fall away.
_DEEPEST = 20
# The reader of TeX takes twice as long for each environment that is open; a matrix in a formula is one.
_MOST_OPEN = 3
_ENVIRONMENT = re.compile(r"\\(begin|end)\s*\{")


def detect(head: bytes, name: str) -> bool:  # noqa: ARG001 (every format is told the name)
    """Tell by the first bytes (unpacked) whether this is BibTeX; the name does not count."""
    text = (decoded(head) or "").lstrip("\ufeff \t\r\n").replace("\r", "\n")
    return bool(_FIRST.match(text)) and bool(_ENTRY.search(text))


def parse(stream: BinaryIO, name: str) -> Iterator[Parsed | Problem]:
    """Yield one Citation per entry, or a Problem that says where and what. Never raises on content.

    Two entries with the same key are two citations; an entry that is broken is told, those after it are read.
    """
    text, problems = read_text(stream, name)
    yield from problems
    bibtex: Any = import_module("bibtexparser")
    library = bibtex.Library()
    # What it logs is told as a Problem.
    logging.getLogger("bibtexparser.splitter").disabled = True
    bibtex.parse_string(text, parse_stack=[], library=library)
    strings = _strings(library)
    entries: list[tuple[int, str, dict[str, str]]] = []
    by_key: dict[str, dict[str, str]] = {}
    for block in library.blocks:
        entry = _entry(block)
        if entry is not None:
            values = _values(entry, strings)
            entries.append((entry.start_line or 0, entry.entry_type.casefold(), values))
            by_key.setdefault(entry.key.casefold(), values)
        if (problem := _problem(block, name)) is not None:
            yield problem
    for line, kind, values in entries:
        if kind in _NO_PUBLICATIONS:
            continue
        warnings: list[str] = []
        _inherit(values, by_key)
        yield from parsed(_fields(kind, values, warnings), "a BibTeX file", f"{name}:{line + 1}", warnings)
    if not entries and not library.failed_blocks:
        yield Problem(
            name, "no entry was found; expected BibTeX, each record beginning with a line such as '@article{'"
        )


def _entry(block: Any) -> Any:
    """Return the entry of a block: its own, or the one that was set aside because of its key or a doubled field."""
    inner = getattr(block, "ignore_error_block", None)
    entry = inner if inner is not None else block
    return entry if type(entry).__name__ == "Entry" else None


def _problem(block: Any, name: str) -> Problem | None:
    kind = type(block).__name__
    where = f"{name}:{(block.start_line or 0) + 1}"
    if kind == "DuplicateFieldKeyBlock":
        doubled = ", ".join(sorted(block.duplicate_keys))
        return Problem(where, f"given twice in one entry: {doubled}; the first is kept", rejected=False)
    if _entry(block) is not None or not hasattr(block, "error"):
        return None
    reason = str(getattr(block.error, "abort_reason", "")) or type(block.error).__name__
    return Problem(where, f"the entry is broken: {reason.strip()} Mend it there; those after it are read.")


def _strings(library: Any) -> dict[str, str]:
    """Return the values of @string, by their names in lower case; one may use those before it."""
    found: dict[str, str] = {}
    for block in library.blocks:
        if type(block).__name__ == "String":
            found.setdefault(block.key.casefold(), _value(str(block.value), found))
    return found


def _values(entry: Any, strings: dict[str, str]) -> dict[str, str]:
    values: dict[str, str] = {}
    for field in entry.fields:
        if value := _value(str(field.value), strings):
            values.setdefault(field.key.casefold(), value)
    return values


def _value(raw: str, strings: dict[str, str]) -> str:
    """Return a value without what encloses it: ``{A}``, ``"A"``, ``jan``, ``name # { and more}``."""
    return "".join(_piece(piece.strip(), strings) for piece in _pieces(raw)).strip()


def _pieces(raw: str) -> Iterator[str]:
    depth, quoted, start = 0, False, 0
    for at, sign in enumerate(raw):
        if sign == "{":
            depth += 1
        elif sign == "}":
            depth -= 1
        elif sign == '"' and depth == 0:
            quoted = not quoted
        elif sign == "#" and depth == 0 and not quoted:
            yield raw[start:at]
            start = at + 1
    yield raw[start:]


def _piece(piece: str, strings: dict[str, str]) -> str:
    if len(piece) > 1 and piece[0] + piece[-1] in ("{}", '""'):
        return piece[1:-1]
    return strings.get(piece.casefold(), piece)


def _inherit(values: dict[str, str], by_key: dict[str, dict[str, str]]) -> None:
    """Take over what an entry has from those that it names: all of ``xdata``, what holds it of ``crossref``."""
    for key in filter(None, re.split(r"\s*,\s*", values.get("xdata", ""))):
        for field, value in by_key.get(key.casefold(), {}).items():
            values.setdefault(field, value)
    named = values.get("crossref")
    parent = by_key.get(named.casefold()) if named else None
    if parent is None or parent is values:
        return
    for field in _INHERITED:
        if field in parent:
            values.setdefault(field, parent[field])
    if "title" in parent:
        values.setdefault("booktitle", ": ".join(parent[field] for field in ("title", "subtitle") if field in parent))


def _fields(kind: str, values: dict[str, str], warnings: list[str]) -> Fields:
    def text(*names: str) -> str | None:
        bare = next((bare for name in names if (bare := _untexed(_raised(values.get(name, ""))))), None)
        return None if bare is not None and bare.casefold() in EMPTY else bare

    fields: Fields = {"title": text("title")}
    if fields["title"] and (subtitle := text("subtitle")):
        fields["title"] = f"{fields['title']}: {subtitle}"
    fields["authors"], fields["authors_complete"] = _authors(values.get("author", ""))
    day = f" {values['day']}" if values.get("day", "").isdigit() and values.get("month") else ""
    month = f"{values.get('year', '')} {values.get('month', '')}{day}" if values.get("month") else ""
    dates = [text("date") or "", text("year") or "", _untexed(month) if values.get("year") else ""]
    fields["year"], fields["published"] = printed_date(dates, warnings)
    fields["journal"] = text("journaltitle", "journal", "booktitle", "maintitle")
    fields["journal_abbreviation"] = text(
        "shortjournal", "journal-iso", "journal-abbreviation", "title-abbreviation", "abbrev_source_title"
    )
    fields["volume"] = text("volume")
    fields["issue"] = text("number", "issue") if kind == "article" or "journal" in values else text("issue")
    pages = text("pages", "eid", "article-number", "art_number")
    fields["pages"] = re.sub(r"\s*[-\u2010-\u2015]+\s*", "-", pages) if pages else None
    fields["issns"] = issns(filter(None, map(text, _ISSNS)), warnings)
    fields["language"] = text("language", "langid")
    fields["abstract"] = [{"text": text("abstract")}]
    listed = [words for name in ("keywords", "keyword", "author_keywords") if (words := text(name))]
    fields["keywords"] = [
        word.strip() for words in listed for word in re.split(r"[;\n]" if ";" in words else r"[,\n]", words)
    ]
    _identifiers(values, fields, warnings)
    default = _TYPES.get(kind, CitationType.OTHER)
    archive = text("eprinttype", "archiveprefix") if kind != "article" else fields["journal"]
    if _PREPRINTS.match(archive or ""):
        default = CitationType.PREPRINT
    typed([name for said in filter(None, map(text, _TYPED)) for name in _TYPE_ENDS.split(said)], default, fields)
    fields["source_url"] = http(filter(None, (text("url"), text("howpublished"))))
    return fields


def _identifiers(values: dict[str, str], fields: Fields, warnings: list[str]) -> None:
    # An underscore is written as \_ where TeX would stumble over it.
    doi = re.sub(r"\\([_&#%$<>])|[{}]", r"\1", values.get("doi") or values.get("article-doi", ""))
    addresses = [re.sub(r"\\([_&#%])", r"\1", values.get(name, "")) for name in ("url", "howpublished", "note")]
    eprint = [values["eprint"]] if values.get("eprinttype", "").casefold() == "pubmed" and "eprint" in values else []
    notes = [values.get(name, "") for name in ("note", "annote", "annotation", "comment")]
    given = {
        "pmid": [values.get("pmid") or values.get("pubmed_id", ""), *eprint],
        "pmcid": [values.get("pmcid", values.get("pmc", ""))],
    }
    given["doi"] = [doi]
    for kind, texts in given.items():
        fields[kind] = (
            chosen(kind, texts, warnings)
            or chosen(kind, in_addresses(kind, addresses), warnings)
            or chosen(kind, [text for note in notes for text in noted(kind, note)], warnings)
        )


def _authors(raw: str) -> tuple[list[Fields], bool]:
    """Names are split before TeX is read: braces hold a group's name together."""
    if not raw:
        return [], True
    names: Any = import_module("bibtexparser.middlewares.names")
    found: list[Fields] = []
    complete = True
    for name in _split_names(raw):
        bare = name.strip()
        if not bare:
            continue
        if bare.casefold() == "others":
            complete = False
        elif parts := _labelled(bare):
            found.append(parts)
        elif bare.startswith("{") and _closes_at_end(bare):
            if group := _untexed(bare):
                found.append({"collective": group})
        else:
            more, here = authors([_untexed(bare) if "," in bare else _by_parts(names, bare)])
            found += more
            complete = complete and here
    return found, complete


def _labelled(name: str) -> Fields | None:
    """BibLaTeX's way to tell the parts of a name apart: ``family=Berg, given=Jan, prefix=van den, useprefix=true``."""
    if not _LABELLED.match(name):
        return None
    parts = {match[1].casefold(): _untexed(match[2] or match[3] or "") for match in _LABELLED.finditer(name)}
    family = " ".join(filter(None, (parts.get("prefix"), parts.get("family"))))
    fields = person(f"{family}, {parts.get('given') or parts.get('given-i') or ''}") if family else None
    if fields and parts.get("suffix"):
        fields["suffix"] = parts["suffix"]
    return fields


def _split_names(raw: str) -> Iterator[str]:
    """Yield the names that ``and`` joins outside of braces; the library loses a sign of TeX that begins one."""
    depth = start = 0
    for match in _AND.finditer(raw):
        if match[0] in "{}":
            depth = max(0, depth + (1 if match[0] == "{" else -1))
        elif depth == 0 and not match[0].startswith("\\"):
            yield raw[start : match.start()]
            start = match.end()
    yield raw[start:]


def _raised(text: str) -> str:
    """Keep raised and lowered numbers apart from their neighbours: 10 with a raised -3 is not 10-3."""
    return _RAISED.sub(r"<\1>\2</\1>", text)


def _by_parts(names: Any, name: str) -> str:
    """``Ludwig van Beethoven`` → ``van Beethoven, Ludwig``; PubMed's way (``Kapural L``) stays as it is."""
    bare = _untexed(name)
    if re.search(r"\s(?:[A-Z]\.?-?){1,3}$", bare) or " " not in bare or "collective" in (person(bare) or {}):
        return bare
    parts = names.parse_single_name_into_parts(name, strict=False)
    family = _untexed(" ".join(parts.von + parts.last))
    given = _untexed(" ".join(parts.first))
    return f"{family}, {given}" if family and given else bare


def _closes_at_end(text: str) -> bool:
    depth = 0
    for at, sign in enumerate(text):
        depth += (sign == "{") - (sign == "}")
        if depth == 0:
            return at == len(text) - 1
    return False


def _untexed(text: str) -> str:
    """Return a text with TeX's accents and signs as characters. Most hold none: looking is cheap."""
    if not any(sign in text for sign in "\\{}$~") and "--" not in text:
        return " ".join(text.split())
    text = _SIGN.sub(lambda match: _SIGNS[match[1]], text)
    if "\\" in text and _depth(text) <= _DEEPEST and _environments(text) <= _MOST_OPEN:
        latex: Any = import_module("pylatexenc.latex2text")
        try:
            # TeX would take what follows a percent sign for a comment; BibTeX takes it for text.
            bare = latex.LatexNodes2Text(math_mode="text").latex_to_text(re.sub(r"(?<!\\)%", r"\\%", text))
            return " ".join(bare.split())
        except (ValueError, IndexError, KeyError, TypeError, AttributeError, RecursionError):
            text = re.sub(r"\\[A-Za-z]+\s?|\\", "", text)
    # A lone dollar sign is money.
    text = re.sub(r"\$([^$]*[\^_{][^$]*)\$", r"\1", text)
    text = re.sub(r"[{}]", "", text).replace("~", " ").replace("---", "—").replace("--", "–")
    return " ".join(text.split())


def _depth(text: str) -> int:
    depth = deepest = 0
    for sign in text:
        depth += (sign in "{[") - (sign in "}]")
        deepest = max(deepest, depth)
    return deepest


def _environments(text: str) -> int:
    r"""How many environments (``\begin{array}``) are open at most."""
    opened = most = 0
    for match in _ENVIRONMENT.finditer(text):
        opened += 1 if match[1] == "begin" else -1
        most = max(most, opened)
    return most
