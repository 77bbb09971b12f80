"""Records of a PubMed file, one at a time: documents, elements, positions, and what is wrong with the file.

Memory holds one piece of the file, the records that end in it, and the one that goes on. Nothing outside the file is
ever read: no entities, no document type, no network.
"""

import re
from collections.abc import Callable, Generator, Iterator
from importlib import import_module
from typing import Any, BinaryIO

from loaders.appearance import appearance
from loaders.citation import told
from loaders.pubmed import ROOTS
from loaders.pubmed.citation import citation
from loaders.pubmed.text import Element, text_of
from loaders.safe_xml import SAFE
from loaders.unpack import DamagedArchive, unpacked
from schema.parsed import Parsed, Problem

# lxml ships no types.
etree: Any = import_module("lxml.etree")

_RECORDS = ("PubmedArticle", "MedlineCitation", "PubmedBookArticle")
_DELETED = ("DeleteCitation", "DeleteDocument")
_SETS = ("PubmedArticleSet", "PubmedBookArticleSet", "MedlineCitationSet")
_TAGS = (*ROOTS, *_DELETED)
#: Bytes that one record may have. The largest in PubMed, with thousands of authors, have about three million.
LARGEST_RECORD = 16 * 1024 * 1024
#: Bytes before the root element in which it must show.
_LARGEST_PROLOG = 256 * 1024
# libxml2 keeps line numbers of elements in 16 bits and finds later ones by the text that follows.
_LAST_EXACT_LINE = 65_534

_KNOWN_ROOTS = {
    "eSearchResult": "a search result (a list of ids)",
    "eSummaryResult": "summaries without abstracts",
    "eLinkResult": "a list of links",
    "eFetchResult": "an answer of E-utilities without records",
    "ERROR": "an error message of E-utilities",
    "SerialsSet": "NLM's list of journals",
    "NLMCatalogRecordSet": "NLM's catalogue",
    "pmc-articleset": "articles in full from PubMed Central",
    "article": "an article in full (JATS)",
}
_WANTED = (
    "expected PubMed records: XML with the root <PubmedArticleSet> or <MedlineCitationSet>, as E-utilities efetch "
    "gives them for db=pubmed, retmode=xml"
)


def read(stream: BinaryIO, name: str) -> Iterator[Parsed | Problem]:
    """Yield the records and problems of a file; see :func:`loaders.pubmed.parse`."""
    source = _Source(unpacked(stream))
    documents = 0
    try:
        while source.more():
            if not (yield from _document(source, name, documents)):
                return
            documents += 1
    except DamagedArchive as damage:
        yield Problem(
            _place(name, source.line),
            f"{damage}; the records before it were read. Get the file again.",
        )
        return
    if not documents:
        yield Problem(name, f"the file is {appearance(source.head)}; {_WANTED}")


class _Source:
    """The bytes still to be read, and the line they begin at."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = b""
        self.head = b""
        self.line = 1

    def piece(self) -> bytes:
        """Return the next bytes; empty at the end."""
        if self._rest:
            piece, self._rest = self._rest, b""
        else:
            piece = next(self._pieces, b"")
        self.head = self.head or piece[:4096]
        return piece

    def put_back(self, rest: bytes) -> None:
        """Let ``rest`` be read again."""
        self._rest = rest + self._rest

    def passed(self, piece: bytes) -> None:
        """Count the lines of bytes that are done with."""
        self.line += piece.count(b"\n")

    def more(self) -> bool:
        """Pass over blanks and byte order marks before a document; tell whether one follows."""
        while piece := self.piece():
            rest = piece.lstrip(b" \t\r\n").removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")
            self.passed(piece[: len(piece) - len(rest)])
            if rest:
                self.put_back(rest)
                return True
        return False


def _document(source: _Source, name: str, before: int) -> Generator[Parsed | Problem, None, bool]:
    """Yield what one document holds; return whether another one may follow it."""
    first_line = source.line
    try:
        root = _root(source)
    except etree.XMLSyntaxError as error:
        seen = appearance(source.head)
        if before:
            yield Problem(_place(name, first_line), f"after the end of the records stands something else: {error.msg}")
        elif seen.startswith("XML with"):
            yield _broken(name, first_line, error)
        else:
            yield Problem(name, f"the file is {seen}; {_WANTED}")
        return False
    if refusal := _refusal(root, source):
        yield Problem(_place(name, first_line), refusal)
        return False
    official = str(root.getroottree().docinfo.public_id or "").startswith("-//NLM//DTD")
    return (yield from _elements(source, name, str(root.tag), official))


def _root(source: _Source) -> Any:
    """Return the root's start, looked at and put back. Raises lxml's XMLSyntaxError if there is none."""
    parser = etree.XMLPullParser(events=("start",), **SAFE)
    seen = b""
    try:
        while len(seen) < _LARGEST_PROLOG and (piece := source.piece()):
            seen += piece
            for start in range(0, len(piece), 4096):
                # A small document may be followed by another one, which is an error here and none of the root's.
                failure = _failure(parser.feed, piece[start : start + 4096])
                for _, root in parser.read_events():
                    return root
                if failure is not None:
                    raise failure
    finally:
        source.put_back(seen)
    parser.close()
    return None


def _refusal(root: Any, source: _Source) -> str | None:
    if root is None:
        return f"no root element in the first {_LARGEST_PROLOG} bytes; {_WANTED}"
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _ in declared.entities()):
        return (
            "the file declares entities of its own, which PubMed's files never do and which can be an attack; "
            "it is not read. Remove the declarations (<!ENTITY …>) if you trust the file."
        )
    if root.tag not in ROOTS:
        seen = appearance(source.head)
        seen = seen if seen == "an HTML page" else f"XML with the root <{root.tag}>"
        known = _KNOWN_ROOTS.get(str(root.tag))
        return f"the file is {seen}{f', {known}' if known else ''}; {_WANTED}"
    return None


def _elements(source: _Source, name: str, root_tag: str, official: bool) -> Generator[Parsed | Problem, None, bool]:
    """Yield the records below the root; return whether the document came to its proper end."""
    base = source.line - 1
    parser = etree.XMLPullParser(events=("start", "end"), tag=_TAGS, **SAFE)
    closing = b"</" + root_tag.encode()
    grown = 0
    sets: dict[int, Any] = {}
    failure: Any = None
    while failure is None and (piece := source.piece()):
        piece, rest = _upto_closing(piece, closing, source)
        ended, records = False, 0
        failure = _failure(parser.feed, piece)
        for element in _ends(parser, sets):
            tag, holder = element.tag, element.getparent()
            ended = holder is None
            if tag in _RECORDS and (ended or holder.tag not in _RECORDS):
                records += 1
                yield from _record(element, _place(name, base + _line(element)), official)
            elif tag in _DELETED:
                yield _deleted(element, _place(name, base + _line(element)))
        # Everything in a set but the element that goes on is done with.
        for opened in sets.values():
            del opened[:-1]
        source.passed(piece)
        if rest:
            source.put_back(rest)
        if ended and failure is None:
            return True
        grown = 0 if records else grown + len(piece)
        if grown > LARGEST_RECORD:
            yield Problem(
                _place(name, source.line),
                f"more than {LARGEST_RECORD} bytes without the end of a record; the rest of the file is not read",
            )
            return False
    if failure is not None:
        yield _broken(name, base + 1, failure)
    elif (failure := _failure(parser.close)) is not None:
        yield _broken(name, base + 1, failure, at_end=True)
    return False


def _failure(step: Callable[..., object], *given: bytes) -> Any:
    """Take one step of a parser; return lxml's error, or None."""
    try:
        step(*given)
    except etree.XMLSyntaxError as error:
        return error
    return None


def _ends(parser: Any, sets: dict[int, Any]) -> Iterator[Any]:
    """Yield the elements that have ended, and note the sets that have begun."""
    for event, element in parser.read_events():
        if event == "end":
            yield element
        elif element.tag in _SETS:
            sets[id(element)] = element


def _upto_closing(piece: bytes, closing: bytes, source: _Source) -> tuple[bytes, bytes]:
    """Split a piece after the root's closing tag, which another document may follow."""
    start = piece.find(closing)
    if start < 0:
        # The tag may begin at the end of this piece.
        start = piece.rfind(b"<", -len(closing))
        if start < 0 or not closing.startswith(piece[start:]):
            return piece, b""
    end = piece.find(b">", start)
    if end >= 0:
        return piece[: end + 1], piece[end + 1 :]
    following = source.piece()
    return _upto_closing(piece + following, closing, source) if following else (piece, b"")


def _record(element: Element, where: str, official: bool) -> Iterator[Parsed | Problem]:
    warnings: list[str] = []
    yield from told(lambda: citation(element, official, warnings), where, warnings)


def _deleted(element: Element, where: str) -> Problem:
    pmids = [text for part in element if (text := text_of(part))]
    return Problem(
        where,
        f"PubMed has deleted {len(pmids)} of its records: {', '.join(pmids)}. Look whether they are loaded; nothing is "
        "removed by itself.",
        rejected=False,
    )


def _line(element: Any) -> int:
    line: int = element.sourceline or 1
    if line > _LAST_EXACT_LINE:
        # Found by the end of the first text inside.
        while not element.text and len(element):
            element = element[0]
        line -= (element.text or "").count("\n")
    return line


def _place(name: str, line: int, column: int | None = None) -> str:
    return f"{name}:{line}" if column is None else f"{name}:{line}:{column}"


def _broken(name: str, first_line: int, error: Any, at_end: bool = False) -> Problem:
    line, column = error.position
    message = str(error.msg).rstrip(".")
    message = re.sub(r", line \d+, column \d+$", "", message)
    if error.code == etree.ErrorTypes.ERR_INVALID_ENCODING or "encoding" in message.lower():
        hint = "The file is not in the encoding it declares: save it as UTF-8"
    elif at_end or "Premature end" in message or "EndTag" in message:
        hint = "The file breaks off: get it again"
    elif "Huge" in message or "huge" in message or "depth" in message.lower() or "amplification" in message:
        hint = "The file holds more than PubMed's ever do: look whether it was made by hand"
    else:
        hint = "Mend the file there, or get it again"
    return Problem(
        _place(name, first_line - 1 + (line or 1), column or None),
        f"the XML is broken: {message}. The records before it were read, the rest was not. {hint}.",
    )
