"""Blocks: the headings, paragraphs and list entries of a page, each with its line in the file."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Literal

#: Elements that are no text of the page.
_LEFT_OUT = frozenset({"script", "style", "noscript", "template", "nav", "form", "svg", "iframe", "button", "select"})
_BLOCKS = frozenset({"p", "li", "dd", "dt", "td", "th", "blockquote", "figcaption", "caption", "div", "section", "pre"})
_HEADING = re.compile(r"h([1-6])")
_ATX = re.compile(r"^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_SETEXT = re.compile(r"^ {0,3}(=+|-+)\s*$")
_BOLD_ALONE = re.compile(r"^\s*(?:\*\*|__)([^*_]+)(?:\*\*|__)\s*:?\s*$")
_ENTRY = re.compile(r"^\s{0,3}(?:[-*+•]\s+|\[\^?\d{1,3}\]:?\s+|\(?\d{1,3}[.)]\s+)")
_MARKS = (
    (re.compile(r"!?\[([^\[\]^]{1,500})\]\([^()\s]{0,2000}(?:\s+\"[^\"]{0,200}\")?\)"), r"\1"),
    (re.compile(r"[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}"), ""),
)
#: Figures alone: ``2``, ``1, 3–5``.
_FIGURES = re.compile(r"\s*\d{1,3}(?:\s*[,–-]\s*\d{1,3})*\s*")
_LINK = re.compile(r"\]\(([^()\s]{1,2000})")
#: How an entry of a reference list begins: ``Smith, M. T.``, ``Smith MT,``.
_AUTHOR = re.compile(r"[^\W\d_][\w'’-]+(?:,\s[A-Z]\.|\s[A-Z]{1,3}[,.])")
_REFERENCES = re.compile(
    r"\s*(?:\d+[.)]\s*)?(?:references?|bibliography|literature(?: cited)?|works cited|sources?|citations|endnotes|"
    r"reference list|selected references|notes and references)\s*:?\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Block:
    """A heading (``level`` 1 to 6) or a text (0); ``entry`` for one of a list."""

    text: str
    line: int
    level: int = 0
    entry: bool = False
    #: Where its links lead.
    links: tuple[str, ...] = ()


def heads_references(block: Block) -> bool:
    """Return whether a block is the heading of a reference list: ``References``, ``Sources:``."""
    return bool(_REFERENCES.fullmatch(block.text))


def blocks_of(text: str, form: Literal["html", "markdown", "text"]) -> list[Block]:
    """Return the blocks of a page in order."""
    if form == "html":
        return list(_html(text))
    return list(_lines(text, marked=form == "markdown"))


def html_title(text: str) -> str | None:
    """Return what the title element says."""
    root = _root(text)
    found: str | None = None if root is None else root.findtext(".//title")
    return " ".join(found.split()) if found and found.strip() else None


def _root(text: str) -> Any:
    """The root element, or None where nothing can be read."""
    if not text.strip():
        return None
    # lxml ships no types, and takes its time to import.
    etree: Any = import_module("lxml.etree")
    # As bytes: a text with an encoding declaration is refused.
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        return etree.fromstring(text.encode("utf-8", errors="replace"), parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None


def _html(text: str) -> Iterator[Block]:
    root = _root(text)
    body = None if root is None else root.find("body")
    if body is not None:
        yield from _inside(body)


def _inside(body: Any) -> Iterator[Block]:
    """Walk without recursion: a page may nest its elements very deeply."""
    pieces: list[str] = []
    links: list[str] = []
    place, entry = int(body.sourceline or 1), False

    def done(level: int = 0) -> Iterator[Block]:
        said, led = " ".join("".join(pieces).split()), tuple(links)
        pieces.clear()
        links.clear()
        if said:
            yield Block(said, place, level=level, entry=entry, links=led)

    etree: Any = import_module("lxml.etree")
    left_out = 0
    for event, element in etree.iterwalk(body, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        heading = _HEADING.fullmatch(tag)
        bounds = bool(heading) or tag in _BLOCKS
        if event == "start":
            left_out += tag in _LEFT_OUT
            if left_out:
                continue
            if bounds:
                yield from done()
                place, entry = int(element.sourceline or 1), tag == "li"
            links += [element.get("href") or ""] if tag == "a" else []
            pieces.append(_opening(element, tag))
        else:
            if bounds and not left_out:
                yield from done(int(heading[1]) if heading else 0)
            left_out -= tag in _LEFT_OUT
            pieces.append("" if left_out else element.tail or "")
    yield from done()


def _opening(element: Any, tag: str) -> str:
    """What an element begins with. A raised figure, linked or not, marks a reference: it joins no word before it."""
    text: str = element.text or ""
    raised = tag == "sup" or (tag == "a" and getattr(element.getparent(), "tag", None) == "sup")
    if raised and _FIGURES.fullmatch(text):
        return f" [{text}] "
    return f" {text}" if tag == "br" else text


def _lines(text: str, *, marked: bool) -> Iterator[Block]:
    """Markdown and plain text: blank lines part paragraphs, a mark or a number begins an entry."""
    held: list[str] = []
    place, entry, fenced, listed = 1, False, False, False
    lines = text.split("\n")

    def done() -> Iterator[Block]:
        said = " ".join(" ".join(held).split())
        held.clear()
        if said:
            links = tuple(_LINK.findall(said)) if marked else ()
            yield Block(_plain(said) if marked else said, place, entry=entry, links=links)

    for number, line in enumerate(lines, 1):
        if marked and re.match(r"\s*(?:```|~~~)", line):
            fenced = not fenced
        if fenced:
            continue
        heading = _ATX.match(line) if marked else None
        under = _SETEXT.match(line) if len(held) == 1 and not entry else None
        if heading:
            yield from done()
            listed = bool(_REFERENCES.fullmatch(_plain(heading[2])))
            yield Block(_plain(heading[2]), number, level=len(heading[1]))
        elif under:
            listed = bool(_REFERENCES.fullmatch(_plain(held[0])))
            yield Block(_plain(" ".join(held[0].split())), place, level=1 if under[1][0] == "=" else 2)
            held.clear()
        elif (bold := _BOLD_ALONE.match(line) if marked else None) or _REFERENCES.fullmatch(line):
            yield from done()
            listed = bool(_REFERENCES.fullmatch(bold[1] if bold else line))
            yield Block((bold[1] if bold else line).strip(), number, level=6 if bold else 2)
        elif not line.strip():
            yield from done()
            entry = False
        else:
            if not held or _ENTRY.match(line) or (listed and not entry and _begins_entry(held[-1], line)):
                yield from done()
                place, entry = number, bool(_ENTRY.match(line))
            held.append(line)
    yield from done()


def _begins_entry(before: str, line: str) -> bool:
    """Whether a line of a reference list begins the next entry: the one before has its end, and an author follows."""
    return bool(re.search(r"[.\d/]\s*$", before)) and bool(_AUTHOR.match(line.strip()))


def _plain(text: str) -> str:
    for pattern, kept in _MARKS:
        text = pattern.sub(kept, text)
    return text.strip()
