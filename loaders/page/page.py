"""A whole page: its title, its sentences, and its reference list."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from itertools import groupby, pairwise
from typing import Literal

from loaders.encoding import read_text
from loaders.page.blocks import Block, behind_heading, blocks_of, heads_references
from loaders.page.reference import LONGEST, read_reference
from schema.page_text import PageText, Passage, PrintedReference

_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|main|article|section|div|h[1-6]|p|ul|ol|li)\b", re.IGNORECASE)
_MARKDOWN = re.compile(
    r"^(?:#{1,6}\s+\S|\[\^[^\[\]\s]+\]:|(?:[-*+])\s+\S|\*\*[^*]+\*\*)|\[[^\[\]]{1,500}\]\([^()\s]{1,2000}\)",
    re.MULTILINE,
)
#: What ends a sentence; not after an abbreviation, an initial or a figure of a list.
_END = re.compile(r"(?<=[.!?])(?:[\"”’)]|\s*\[[\d,–\s-]+\]|\([\d,–\s-]+\)|[⁰¹²³⁴-⁹,–])*\s+(?=[\"“‘(]?[A-ZÀ-Þ0-9])")
_NO_END = re.compile(r"(?:\b(?:e\.g|i\.e|vs|Dr|Prof|Mr|Mrs|Ms|St|approx|Fig|No|al|cf)|\b[A-Z])\.$")
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d")
#: The number of an entry, which is no sentence of its own.
_NUMBER = re.compile(r"\(?\d{1,3}[.)]\s+(?=\S)")
#: Letters of the shortest entry of a reference list that is not marked as a list.
_SHORTEST = 12
#: Letters of the longest words that lead to what stands below or beside them.
_LONGEST_LEAD = 120
#: Sentences before and after one that are its paragraph.
NEAR = 6


def read_page(data: bytes, name: str) -> PageText:
    """Return a page of HTML, Markdown or plain text, told apart by content. Never raises on content."""
    text, _ = read_text(BytesIO(data), name)
    form = form_of(text)
    read = blocks_of(text, form)
    body, references = _parted(_titled(read.blocks) if form == "text" else read.blocks)
    heading = next((block.text for block in body if block.level), None)
    return PageText(
        name=name,
        title=read.title or heading,
        passages=tuple(_passages(body)),
        references=tuple(_references(references)),
        cut=read.cut,
    )


def form_of(text: str) -> Literal["html", "markdown", "text"]:
    """Return which of the three a text is."""
    if _HTML.search(text[:4000]):
        return "html"
    return "markdown" if _MARKDOWN.search(text) else "text"


def _titled(blocks: Sequence[Block]) -> Sequence[Block]:
    """The blocks of a plain text, whose first line is its heading where it is short and no sentence."""
    if any(block.level == 1 for block in blocks) or not blocks or blocks[0].entry or len(blocks[0].lines) > 1:
        return blocks
    first, *others = blocks
    short = len(first.text) <= _LONGEST_LEAD and not first.text.endswith((".", "!", "?", ":", ","))
    return [replace(first, level=1), *others] if short and others else blocks


def _parted(blocks: Sequence[Block]) -> tuple[list[Block], list[Block]]:
    """What the page says, and its reference list: from its heading to the next one that is not deeper.

    What reads as a printed reference is one wherever it stands, and so are the entries around it.
    """
    body: list[Block] = []
    listed: list[Block] = []
    level: int | None = None
    loose = _loose(blocks)
    for block in blocks:
        if heads_references(block):
            level = block.level or 6
        elif (behind := behind_heading(block)) is not None and _is_reference(behind):
            listed.append(replace(block, text=behind))
        elif block in loose:
            listed.append(block)
        elif level is not None and block.level and block.level <= level:
            level = None
            body.append(block)
        elif (level is not None and not block.level) or re.match(r"\[\^\d+\]:", block.text):
            listed.append(block)
        else:
            body.append(block)
    return body, listed


def _loose(blocks: Sequence[Block]) -> set[Block]:
    """The blocks that are printed references; all of a list most of which are such, so that they keep their numbers."""
    found: set[Block] = set()
    for (level, entry), run in groupby(blocks, lambda block: (block.level, block.entry)):
        texts = [] if level else list(run)
        printed = [block for block in texts if _is_reference(block.text)]
        found.update(texts if entry and 2 * len(printed) > len(texts) else printed)
    return found


def _is_reference(text: str) -> bool:
    """Whether a text has all that a reference to an article is made of."""
    if len(text) > LONGEST or not _YEAR.search(text):
        return False
    read = read_reference(text)
    whole = bool(read.authors and read.title and read.year and read.journal)
    return whole and bool(read.volume or read.doi or read.pmid or read.pmcid)


def _references(blocks: Sequence[Block]) -> Iterator[PrintedReference]:
    """One for each entry; a number that a list only shows on screen is counted."""
    entries = [block for block in blocks if block.entry]
    # In a list each entry counts: those after one that says little keep their numbers.
    for block in entries or (block for block in blocks if len(block.text) >= _SHORTEST):
        yield read_reference(block.text, block.line, block.links)


def _passages(blocks: Sequence[Block]) -> Iterator[Passage]:
    headings: dict[int, str] = {}
    leading: dict[int, str] = {}
    for block in blocks:
        leading = {} if block.level else {depth: text for depth, text in leading.items() if depth < block.depth}
        if block.level:
            headings = {level: text for level, text in headings.items() if level < block.level}
            headings[block.level] = block.text
            continue
        leads = tuple(leading[depth] for depth in sorted(leading, reverse=True))
        number = _NUMBER.match(block.text)
        text = block.text[number.end() :] if number else block.text
        if _leads(block):
            leading[block.depth] = text
        above = tuple(headings[level] for level in sorted(headings, reverse=True))
        places = [(offset + len(block.text) - len(text), said) for offset, said in sentences(text)]
        said = [sentence for _, sentence in places]
        for at, (offset, sentence) in enumerate(places):
            # Whole for most paragraphs; a text without blank lines is one paragraph of any length.
            around = " ".join(said[max(0, at - NEAR) : at + NEAR + 1])
            yield Passage(sentence, around, above, block.line_at(offset), leads)


def _leads(block: Block) -> bool:
    """Whether a text leads to what stands deeper: it is short, and no sentence of its own."""
    if len(block.text) > _LONGEST_LEAD:
        return False
    return block.text.endswith(":") or (block.depth > 0 and not block.text.endswith((".", "!", "?")))


def sentences(text: str) -> list[tuple[int, str]]:
    """Return the sentences of a paragraph, each with its place in it."""
    ends = [
        end.end() for end in _END.finditer(text) if not _NO_END.search(text[max(0, end.start() - 12) : end.start()])
    ]
    found: list[tuple[int, str]] = []
    for start, end in pairwise((0, *ends, len(text))):
        if said := text[start:end].strip():
            found.append((start + len(text[start:end]) - len(text[start:end].lstrip()), said))
    return found
