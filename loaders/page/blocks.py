"""Blocks: the headings, paragraphs and list entries of a page, each with its line in the file."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
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
#: The mark of an entry without a number, which is no word of it.
_BULLET = re.compile(r"[-*+•]\s+")
_MARKS = (
    (re.compile(r"!?\[([^\[\]^]{1,500})\]\([^()\s]{0,2000}(?:\s+\"[^\"]{0,200}\")?\)"), r"\1"),
    (re.compile(r"[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}"), ""),
    (re.compile(r"(?<!\d)\^(\d{1,3}(?:\s*[,–-]\s*\d{1,3})*)\^"), r" [\1]"),
    # What is marked as no mark: ``1\.`` is no entry of a list.
    (re.compile(r"\\([!-/:-@\[-`{-~])"), r"\1"),
)
#: What is said about a page before it begins.
_FRONT = re.compile(r"\A\s*---[ \t]*\n(?:.*\n){0,200}?---[ \t]*(?=\n|\Z)")
#: What quotes a line in Markdown.
_QUOTES = re.compile(r"^ {0,3}(?:> ?)+")
#: A footnote that has a name; and what may be a number of a reference.
_NAMED_NOTE = re.compile(r"\[\^([^\[\]\s]{1,60})\]")
_NUMBERED = re.compile(r"(?m)\[\^?(\d{1,3})\]|^\s{0,3}\(?(\d{1,3})\\?[.)]\s")
#: A row of a table, what parts its cells, and the line that parts its head from the rest.
_ROW = re.compile(r"\s{0,3}\|.*\|\s*")
_BAR = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"[\s|:-]+")
#: Figures alone: ``2``, ``1, 3–5``.
_FIGURES = re.compile(r"\s*\d{1,3}(?:\s*[,–-]\s*\d{1,3})*\s*")
_LINK = re.compile(r"\]\(([^()\s]{1,2000})")
#: How an entry of a reference list begins: ``Smith, M. T.``, ``Smith MT,``.
_AUTHOR = re.compile(r"[^\W\d_][\w'’-]+(?:,\s[A-Z]\.|\s[A-Z]{1,3}[,.])")
_REFERENCES = re.compile(
    r"\s*(?:\d+[.)]\s*)?(?:references?|bibliography|literature(?: cited)?|works cited|sources?|citations|endnotes|"
    r"footnotes|reference list|selected references|notes and references|"
    r"referencias(?: bibliográficas)?|bibliografía|fuentes|notas al pie)\s*:?\s*",
    re.IGNORECASE,
)


#: Elements that still part a text when all others are taken out of a page that nests them too deeply.
_KEPT_FLAT = _LEFT_OUT | {"html", "head", "title", "body", "p", "li", "br", "sup", "a", *(f"h{n}" for n in range(1, 7))}
_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)\b[^<>]{0,10000}>")
#: Stands before the first word of each further line of a block while its marks are taken off.
_LINE = "\ue000"


@dataclass(frozen=True, slots=True)
class Block:
    """A heading (``level`` 1 to 6) or a text (0); ``entry`` for one of a list."""

    text: str
    #: Where in the text a line of the file begins: (offset, number of the line), in order.
    lines: tuple[tuple[int, int], ...]
    level: int = 0
    entry: bool = False
    #: Where its links lead.
    links: tuple[str, ...] = ()
    #: How deep in lists and rows it stands; the first cell of a row is one above the others.
    depth: int = 0

    def line_at(self, offset: int) -> int:
        """Return the line of the file in which a letter of the text stands."""
        return self.lines[max(0, bisect_right(self.lines, offset, key=lambda one: one[0]) - 1)][1]

    @property
    def line(self) -> int:
        """The line in which it begins."""
        return self.lines[0][1]


@dataclass(frozen=True, slots=True)
class Blocks:
    """The blocks of a page in order, and its title element; ``cut`` is the line behind which nothing could be read."""

    blocks: tuple[Block, ...]
    title: str | None = None
    cut: int | None = None


def heads_references(block: Block) -> bool:
    """Return whether a block is the heading of a reference list: ``References``, ``Sources:``."""
    return bool(_REFERENCES.fullmatch(block.text))


def behind_heading(block: Block) -> str | None:
    """Return what stands in one line with such a heading: ``Reference: Smith MT. …``; None where nothing does."""
    head, colon, rest = block.text.partition(":")
    return rest.strip() or None if colon and _REFERENCES.fullmatch(head) else None


def blocks_of(text: str, form: Literal["html", "markdown", "text"]) -> Blocks:
    """Return the blocks of a page in order."""
    if form == "html":
        return _html(text)
    marked = form == "markdown"
    text = text.replace(_LINE, " ")
    if marked:
        text = _numbered(_FRONT.sub(lambda front: "\n" * front[0].count("\n"), text))
    return Blocks(tuple(_lines(text, marked=marked)))


def _html(text: str) -> Blocks:
    root, cut = _root(text)
    if cut is not None:
        root, cut = _root(_flat(text))
    if root is None:
        return Blocks((), cut=cut)
    said: str | None = root.findtext(".//title")
    body = root.find("body")
    blocks = () if body is None else tuple(_inside(body))
    return Blocks(blocks, " ".join(said.split()) if said and said.strip() else None, cut)


def _root(text: str) -> tuple[Any, int | None]:
    """The root element, None where nothing can be read; and the line where elements are nested too deeply."""
    if not text.strip():
        return None, None
    # lxml ships no types, and takes its time to import.
    etree: Any = import_module("lxml.etree")
    # As bytes: a text with an encoding declaration is refused.
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True)
    try:
        root = etree.fromstring(text.encode("utf-8", errors="replace"), parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        root = None
    depth = (one.line for one in parser.error_log if "depth" in one.message)
    return root, next(depth, None)


def _flat(text: str) -> str:
    """A page without the elements that only nest others; its lines stay where they are."""

    def without(tag: re.Match[str]) -> str:
        name = tag[1].lower()
        if name in _KEPT_FLAT:
            return tag[0]
        return ("<p>" if name in _BLOCKS else "") + "\n" * tag[0].count("\n")

    return _TAG.sub(without, text)


def _inside(body: Any) -> Iterator[Block]:
    """Walk without recursion: a page may nest its elements very deeply."""
    pieces: list[tuple[str, int]] = []
    links: list[str] = []
    entry = False
    #: What each open entry or row adds to the depth.
    nest: list[int] = []
    line = int(body.sourceline or 1)

    def done(level: int = 0) -> Iterator[Block]:
        (said, lines), led = _joined(pieces), tuple(links)
        pieces.clear()
        links.clear()
        if said:
            yield Block(said, lines, level=level, entry=entry, links=led, depth=sum(nest))

    etree: Any = import_module("lxml.etree")
    left_out = listed = 0
    for event, element in etree.iterwalk(body, events=("start", "end", "comment", "pi")):
        tag = element.tag if isinstance(element.tag, str) else ""
        heading = _HEADING.fullmatch(tag)
        # The paragraphs of an entry are one text.
        within = bool(listed) and tag in ("p", "div")
        bounds = not within and (bool(heading) or tag in _BLOCKS)
        listed += {"start": 1, "end": -1}.get(event, 0) if tag == "li" else 0
        text, kept = "", True
        if event == "start":
            left_out += tag in _LEFT_OUT
            line, kept = int(element.sourceline or line), not left_out
            if bounds and kept:
                yield from done()
                entry = tag == "li"
            if tag in ("li", "tr"):
                nest.append(int(tag == "li"))
            elif tag in ("td", "th") and nest:
                nest[-1] = min(2, nest[-1] + 1)
            links += [element.get("href") or ""] if tag == "a" and kept else []
            text = element.text or ""
        elif event == "end":
            if bounds and not left_out:
                yield from done(int(heading[1]) if heading else 0)
            if tag in ("li", "tr") and nest:
                nest.pop()
            left_out -= tag in _LEFT_OUT
            text, kept = element.tail or "", not left_out
        else:
            line += (element.text or "").count("\n")
            text, kept = element.tail or "", not left_out
        if kept:
            said = _opening(element, tag) if event == "start" else text
            pieces.append((f" {said}" if within else said, line))
        line += text.count("\n")
    yield from done()


def _joined(pieces: Sequence[tuple[str, int]]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The words of pieces with one blank between them, and where each line begins in that."""
    words: list[str] = []
    lines: list[tuple[int, int]] = []
    length, open_word = 0, False
    for text, start in pieces:
        line, at = start, 0
        for found in re.finditer(r"\S+", text):
            line, at = line + text.count("\n", at, found.start()), found.start()
            joins = open_word and found.start() == 0
            offset = length if joins or not words else length + 1
            if not joins and (not lines or lines[-1][1] != line):
                lines.append((offset, line))
            words.append(found[0] if joins or not words else f" {found[0]}")
            length = offset + len(found[0])
            open_word = True
        open_word = bool(text) and not text[-1].isspace() if text else open_word
    return "".join(words), tuple(lines)


def _opening(element: Any, tag: str) -> str:
    """What an element begins with. A raised figure, linked or not, marks a reference: it joins no word before it."""
    text: str = element.text or ""
    raised = tag == "sup" or (tag == "a" and getattr(element.getparent(), "tag", None) == "sup")
    if raised and _FIGURES.fullmatch(text):
        return f" [{text}] "
    return f" {text}" if tag == "br" else text


def _numbered(text: str) -> str:
    """A text whose footnotes with names have numbers instead, after every number that is in use."""
    last = max((int(one[1] or one[2]) for one in _NUMBERED.finditer(text)), default=0)
    numbers: dict[str, int] = {}

    def number(note: re.Match[str]) -> str:
        return note[0] if note[1].isdigit() else f"[^{numbers.setdefault(note[1], last + len(numbers) + 1)}]"

    return _NAMED_NOTE.sub(number, text)


def _lines(text: str, *, marked: bool) -> Iterator[Block]:
    """Markdown and plain text: blank lines part paragraphs, a mark or a number begins an entry."""
    held: list[str] = []
    place, entry, fenced, listed = 1, False, False, False

    def done(level: int = 0) -> Iterator[Block]:
        depth = 1 + (len(held[0]) - len(held[0].lstrip())) // 2 if held and entry and not level else 0
        if found := _block(held, place, marked=marked, level=level, entry=entry and not level, depth=depth):
            yield found
        held.clear()

    for number, written in enumerate(text.split("\n"), 1):
        line = _QUOTES.sub("", written) if marked else written
        if marked and re.match(r"\s*(?:```|~~~)", line):
            fenced = not fenced
        if fenced:
            continue
        heading = _ATX.match(line) if marked else None
        under = _SETEXT.match(line) if len(held) == 1 and not entry else None
        bold = _BOLD_ALONE.match(line) if marked else None
        if heading or bold or _REFERENCES.fullmatch(line):
            yield from done()
            said, level = (heading[2], len(heading[1])) if heading else (bold[1], 6) if bold else (line, 2)
            held.append(said)
            place, listed = number, bool(_REFERENCES.fullmatch(_plain(said)))
            yield from done(level)
        elif under:
            listed = bool(_REFERENCES.fullmatch(_plain(held[0])))
            yield from done(1 if under[1][0] == "=" else 2)
        elif not line.strip():
            yield from done()
            entry = False
        elif marked and _ROW.fullmatch(line):
            yield from done()
            entry = False
            yield from _cells(line, number)
        else:
            if not held or _ENTRY.match(line) or (listed and not entry and _begins_entry(held[-1], line)):
                yield from done()
                place, entry = number, bool(_ENTRY.match(line))
            held.append(line)
    yield from done()


def _cells(line: str, number: int) -> Iterator[Block]:
    """The cells of one row of a table."""
    if _RULE.fullmatch(line):
        return
    for at, cell in enumerate(_BAR.split(line.strip().strip("|"))):
        held = [cell.replace("\\|", "|")]
        if found := _block(held, number, marked=True, level=0, entry=False, depth=min(2, at + 1)):
            yield found


def _block(held: Sequence[str], place: int, *, marked: bool, level: int, entry: bool, depth: int = 0) -> Block | None:
    """A block of consecutive lines, the first of which is ``place``."""
    raw = f" {_LINE}".join(" ".join(line.split()) for line in held)
    links = tuple(_LINK.findall(raw)) if marked else ()
    plain = _plain(raw) if marked else raw.strip()
    first, *further = (_BULLET.sub("", plain, count=1) if entry and _BULLET.match(plain) else plain).split(_LINE)
    said, lines = first, [(0, place)]
    for number, part in enumerate(further, place + 1):
        lines.append((len(said), number))
        said += part
    said = said.strip()
    return Block(said, tuple(lines), level=level, entry=entry, links=links, depth=depth) if said else None


def _begins_entry(before: str, line: str) -> bool:
    """Whether a line of a reference list begins the next entry: the one before has its end, and an author follows."""
    return bool(re.search(r"[.\d/]\s*$", before)) and bool(_AUTHOR.match(line.strip()))


def _plain(text: str) -> str:
    for pattern, kept in _MARKS:
        text = pattern.sub(kept, text)
    return text.strip()
