"""A seed file to entries, each read by itself, so that a fault costs one entry and not the file."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

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
    # libyaml, which PyYAML's wheels carry, is many times faster than a parser in Python.
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    composing = _Composing(first)
    try:
        # The events, not the nodes: those of an alias are shared, and tell neither where it stands nor its name.
        untyped_yaml: Any = yaml  # its own type hints are partial
        found = composing.document(iter(untyped_yaml.parse(text, Loader=loader)))
    except RecursionError:
        raise Unreadable(Fault(first, "nested too deeply; an entry needs no more than a few levels")) from None
    except yaml.MarkedYAMLError as error:
        untyped: Any = error
        mark = untyped.problem_mark or untyped.context_mark
        said = " ".join(str(part) for part in (untyped.context, untyped.problem) if part)
        raise Unreadable(Fault(first + (mark.line if mark else 0), f"not valid YAML: {said}")) from None
    except (yaml.YAMLError, ValueError) as error:
        raise Unreadable(Fault(first, f"not valid YAML: {str(error).splitlines()[0]}")) from None
    if composing.faults:
        raise Unreadable(*composing.faults)
    return found


@dataclass
class _Composing:
    """Makes nodes of libyaml's events, and notes every fault on the way."""

    first: int
    faults: list[Fault] = field(default_factory=list[Fault])

    def document(self, events: Iterator[Any]) -> Node | None:
        """The node of the only document; None where there is none."""
        found: Node | None = None
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self.faults.append(Fault(self._line(event), "a second document ('---'); a file is one document"))
                found = self._node(next(events), events) or found
        return found

    def _line(self, event: Any) -> int:
        return self.first + int(event.start_mark.line)

    def _node(self, event: Any, events: Iterator[Any]) -> Node:
        line = self._line(event)
        if event.anchor is not None:
            # An alias can multiply a small text into gigabytes; and an editor of one entry would change another.
            sign = "*" if isinstance(event, yaml.AliasEvent) else "&"
            message = f"the anchor {sign}{event.anchor}: seeds use no anchors and aliases; write the value out"
            self.faults.append(Fault(line, message))
            if isinstance(event, yaml.AliasEvent):
                return Scalar(None, "", line)
        if event.tag is not None and event.tag not in CORE_TAGS:
            self.faults.append(Fault(line, f"the tag {event.tag}: seeds use no tags; write the plain value"))
        if isinstance(event, yaml.ScalarEvent):
            untyped: Any = event
            text = str(untyped.value)
            return Scalar(text if untyped.style else resolve(text), text, line)
        if isinstance(event, yaml.SequenceStartEvent):
            return Sequence(tuple(self._items(events)), line)
        return self._mapping(events, line)

    def _items(self, events: Iterator[Any]) -> Iterator[Node]:
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                return
            yield self._node(event, events)

    def _mapping(self, events: Iterator[Any], line: int) -> Mapping:
        fields: dict[str, Node] = {}
        lines: dict[str, int] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            at = self._line(event)
            key = self._node(event, events)
            name = key.text if isinstance(key, Scalar) else ""
            if not isinstance(key, Scalar):
                self.faults.append(Fault(at, "a list or mapping as the name of a field; write a plain name"))
            if name in fields:
                self.faults.append(Fault(at, f"{name} stands twice, first on line {lines[name]}; keep one"))
            fields[name], lines[name] = self._node(next(events), events), at
        return Mapping(fields, lines, line)
