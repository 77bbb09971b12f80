"""The plain layout of seeds, read ten times faster than by a full YAML parser.

Seeds are written in a small part of YAML: block mappings and lists, one-line scalars, ``>-`` texts, and flow
collections on one line. This reader knows that part and nothing else. Whatever it does not know it leaves to
ruamel.yaml (:mod:`loaders.seeds.reading`), so that the two never disagree; the tests read every seed with both.
"""

import re

from loaders.seeds.nodes import Mapping, Node, Scalar, Sequence, resolve

Line = tuple[int, int, str]
"""Line number, indentation, and the text without it."""

_KEY = re.compile(r"([A-Za-z_][\w.-]*):(?: +(.*))?$")
_FLOW_KEY = re.compile(r"([A-Za-z_][\w.-]*): ")
_FLOW_PLAIN = re.compile(r"[^\s,\[\]{}\"'!&*?|>%@`#:=<-][^,\[\]{}]*|-?[\d.][\w.]*")
_QUOTED = re.compile(r"'((?:[^']|'')*)'")
_INDICATORS = set("!&*?|>%@`\"'#,[]{}:-")


class _Other(Exception):
    """The text goes beyond the plain layout."""


def read_entry(lines: list[str], first: int) -> Node | None:
    """Return the one entry of ``lines``, whose first line has the number ``first``; None where another reader must.

    The lines begin with ``- ``, as they stand in the file.
    """
    found: list[Line] = []
    last = max((row for row, line in enumerate(lines) if line), default=-1)
    for row, line in enumerate(lines[: last + 1]):
        bare = line.lstrip(" ")
        # A blank line, a comment or a blank at the end could be part of a folded text.
        if not bare or bare[0] == "#" or bare[-1] == " " or not bare.isprintable():
            return None
        found.append((first + row, len(line) - len(bare), bare))
    if not found:
        return None
    try:
        node, after = _sequence(found, 0)
    except (_Other, RecursionError):
        return None
    return node.items[0] if after == len(found) and len(node.items) == 1 else None


def _block(lines: list[Line], at: int) -> tuple[Node, int]:
    return _sequence(lines, at) if lines[at][2].startswith("- ") else _mapping(lines, at)


def _sequence(lines: list[Line], at: int) -> tuple[Sequence, int]:
    number, indent, _ = lines[at]
    items: list[Node] = []
    while at < len(lines) and lines[at][1] == indent and lines[at][2].startswith("- "):
        row, _, text = lines[at]
        inner = text[2:].lstrip(" ")
        if _KEY.match(inner):
            # The entry's first key stands on the line of the dash: read it as a line of its own.
            lines[at] = (row, indent + len(text) - len(inner), inner)
            node, at = _mapping(lines, at)
        else:
            node, at = _value(lines, at, inner, indent)
        items.append(node)
    if at < len(lines) and lines[at][1] > indent:
        raise _Other
    return Sequence(tuple(items), number), at


def _mapping(lines: list[Line], at: int) -> tuple[Mapping, int]:
    number, indent, _ = lines[at]
    fields: dict[str, Node] = {}
    places: dict[str, int] = {}
    while at < len(lines) and lines[at][1] == indent:
        row, _, text = lines[at]
        match = _KEY.match(text)
        if match is None:
            if text.startswith("- "):
                break
            raise _Other
        key, value = match[1], match[2]
        if key in fields:
            raise _Other
        if value:
            node, at = _value(lines, at, value, indent)
        else:
            at += 1
            # A list may stand at the indentation of its key.
            if at >= len(lines) or lines[at][1] < indent or (lines[at][1] == indent and lines[at][2][:2] != "- "):
                raise _Other
            node, at = _block(lines, at)
        fields[key], places[key] = node, row
    if at < len(lines) and lines[at][1] > indent:
        raise _Other
    return Mapping(fields, places, number), at


def _value(lines: list[Line], at: int, text: str, indent: int) -> tuple[Node, int]:
    number = lines[at][0]
    at += 1
    if text == ">-":
        parts: list[str] = []
        if at >= len(lines) or lines[at][1] <= indent:
            raise _Other
        inner = lines[at][1]
        while at < len(lines) and lines[at][1] > indent:
            if lines[at][1] != inner:
                raise _Other
            parts.append(lines[at][2])
            at += 1
        joined = " ".join(parts)
        return Scalar(joined, joined, number), at
    if at < len(lines) and lines[at][1] > indent:
        raise _Other
    if text[0] in "[{":
        node, end = _flow(text, 0, number)
        if end != len(text):
            raise _Other
        return node, at
    return _scalar(text, number), at


def _scalar(text: str, number: int) -> Scalar:
    if text[0] == "'":
        match = _QUOTED.fullmatch(text)
        if match is None:
            raise _Other
        plain = match[1].replace("''", "'")
        return Scalar(plain, plain, number)
    negative = text[0] == "-" and len(text) > 1 and text[1] in ".0123456789"
    if (text[0] in _INDICATORS and not negative) or ": " in text or " #" in text or text[-1] == ":":
        raise _Other
    return Scalar(resolve(text), text, number)


def _flow(text: str, at: int, number: int) -> tuple[Node, int]:
    """Read a flow collection or scalar that begins at ``at``; return it and where it ends."""
    opened = text[at : at + 1]
    if opened == "[":
        items: list[Node] = []
        at += 1
        while text[at : at + 1] != "]":
            item, at = _flow(text, at, number)
            items.append(item)
            at = _comma(text, at, "]")
        return Sequence(tuple(items), number), at + 1
    if opened == "{":
        fields: dict[str, Node] = {}
        places: dict[str, int] = {}
        at += 1
        while text[at : at + 1] != "}":
            match = _FLOW_KEY.match(text, at)
            if match is None or match[1] in fields:
                raise _Other
            fields[match[1]], at = _flow(text, match.end(), number)
            places[match[1]] = number
            at = _comma(text, at, "}")
        return Mapping(fields, places, number), at + 1
    if opened == "'":
        match = _QUOTED.match(text, at)
    else:
        match = _FLOW_PLAIN.match(text, at)
    if match is None:
        raise _Other
    return _scalar(match[0].rstrip(" "), number), match.end()


def _comma(text: str, at: int, end: str) -> int:
    """Step over ``, `` to the next item, or stay at the closing bracket."""
    if text[at : at + 1] == end:
        return at
    if text[at : at + 2] != ", " or text[at + 2 : at + 3] in ("", " ", end):
        raise _Other
    return at + 2
