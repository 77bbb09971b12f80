"""A seed file to entries, each read by itself, so that a fault costs one entry and not the file."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from loaders.seeds.layout import read_entry
from loaders.seeds.nodes import Mapping, Node, Scalar, Sequence, resolve

#: Longest line that a person could have written; longer ones are refused before any parsing.
MAX_LINE = 100_000


#: What YAML may take a plain value for; "=" and "<<" are words to us.
CORE_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}"
    for name in ("str", "int", "float", "bool", "null", "seq", "map", "timestamp", "value", "merge")
)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and on which line."""

    line: int
    message: str


class Unreadable(Exception):
    """YAML that cannot be read; carries every fault that was found."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(faults)
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a top-level list: its key, its line, and its node or what is wrong with it."""

    key: str
    line: int
    node: Node | tuple[Fault, ...]


_TOP = re.compile(r"([A-Za-z_][\w-]*):\s*(?:#.*)?$")


def read(text: str) -> list[Entry]:
    """Return the entries of all top-level lists in their order. Raises Unreadable when the file as a whole is not one.

    An entry that cannot be read comes with its faults; the others come whole.
    """
    if not text.strip():
        raise Unreadable(Fault(1, "the file is empty; begin with a top-level key such as 'studies:'"))
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        if len(line) > MAX_LINE:
            raise Unreadable(Fault(number, f"the line has {len(line):,} characters; break it up below {MAX_LINE:,}"))
    parts = split(lines)
    if parts is None:
        return list(_whole(text))
    found: list[Entry] = []
    for key, first, last in parts:
        try:
            found.append(Entry(key, first, _entry(lines[first - 1 : last], first)))
        except Unreadable as bad:
            found.append(Entry(key, first, bad.faults))
    return found


def split(lines: list[str]) -> list[tuple[str, int, int]] | None:
    """Return (key, first line, last line) of each entry; None where the file is no plain series of top-level lists."""
    starts: list[tuple[str, int]] = []
    bounds: list[int] = []
    key, dash = "", -1
    for number, line in enumerate(lines, 1):
        bare = line.lstrip(" ")
        if not bare.strip() or bare[0] == "#":
            continue
        if bare[0] == "\t" and dash >= 0:
            continue  # a fault of the entry it stands in
        indent = len(line) - len(bare)
        begins = bare.startswith(("- ", "-\t")) or bare.rstrip() == "-"
        if indent == 0 and not begins:
            top = _TOP.match(line)
            if top is None:
                return None
            key, dash = top[1], -1
        elif not key or (dash < 0 and not begins) or (0 <= indent < dash) or (indent == dash and not begins):
            return None
        elif dash < 0 or indent == dash:
            dash = indent
            starts.append((key, number))
        else:
            continue
        bounds.append(number)
    # An entry ends where the next entry or the next top-level key begins.
    bounds.append(len(lines) + 1)
    return [(name, first, bounds[bisect_right(bounds, first)] - 1) for name, first in starts]


def _entry(lines: list[str], first: int) -> Node:
    plain = read_entry(lines, first)
    if plain is not None:
        return plain
    for number, line in enumerate(lines, first):
        if "\t" in line[: len(line) - len(line.lstrip())]:
            raise Unreadable(Fault(number, "a tab in the indentation; indent with spaces"))
    node = compose("\n".join(lines), first)
    assert isinstance(node, Sequence)
    return node.items[0]


def _whole(text: str) -> Iterator[Entry]:
    node = compose(text, 1)
    if not isinstance(node, Mapping):
        raise Unreadable(
            Fault(node.line if node else 1, "the file is no mapping; begin with a top-level key such as 'studies:'")
        )
    for key, value in node.fields.items():
        if isinstance(value, Sequence):
            yield from (Entry(key, item.line, item) for item in value.items)
        elif not (isinstance(value, Scalar) and value.value is None):
            yield Entry(key, value.line, (Fault(value.line, f"{key} must be a list: begin each entry with '- '"),))


def compose(text: str, first: int) -> Node | None:
    """Return the node of any YAML text whose first line has the number ``first``. Raises Unreadable with all faults."""
    faults: list[Fault] = []
    try:
        # compose() knows neither aliases nor duplicates as errors of ours: _node tells them, all at once.
        root: Any = YAML(typ="safe", pure=True).compose(text)  # pyright: ignore[reportUnknownMemberType]
        found = None if root is None else _node(root, first, faults)
    except RecursionError:
        raise Unreadable(Fault(first, "nested too deeply; an entry needs no more than a few levels")) from None
    except MarkedYAMLError as error:
        untyped: Any = error
        mark = untyped.problem_mark or untyped.context_mark
        said = " ".join(str(part) for part in (untyped.context, untyped.problem) if part)
        raise Unreadable(Fault(first + (mark.line if mark else 0), f"not valid YAML: {said}")) from None
    except (YAMLError, ValueError) as error:
        raise Unreadable(Fault(first, f"not valid YAML: {str(error).splitlines()[0]}")) from None
    if faults:
        raise Unreadable(*faults)
    return found


def _node(node: Any, first: int, faults: list[Fault]) -> Node:
    line = first + int(node.start_mark.line)
    if node.anchor is not None:
        # An alias can multiply a small text into gigabytes; and an editor of one entry would change another.
        faults.append(Fault(line, f"the anchor &{node.anchor}: seeds use no anchors and aliases; write the value out"))
        return Scalar(None, "", line)
    tag = str(node.tag)
    if tag not in CORE_TAGS:
        faults.append(Fault(line, f"the tag {tag}: seeds use no tags; write the plain value"))
    if node.id == "scalar":
        text = str(node.value)
        return Scalar(resolve(text) if node.style is None else text, text, line)
    if node.id == "sequence":
        return Sequence(tuple(_node(item, first, faults) for item in node.value), line)
    fields: dict[str, Node] = {}
    lines: dict[str, int] = {}
    for key, value in node.value:
        name, at = str(key.value), first + int(key.start_mark.line)
        if name in fields:
            faults.append(Fault(at, f"{name} stands twice, first on line {lines[name]}; keep one"))
        fields[name], lines[name] = _node(value, first, faults), at
    return Mapping(fields, lines, line)
