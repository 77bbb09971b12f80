"""Tagged files: the one reader behind RIS, MEDLINE and Web of Science, from text to tags and their values.

Which lines begin a tag is the format's to say (a regular expression); every other line goes on with the value before
it. What makes a record of the tags is the format's as well: they differ in nothing more.
"""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from loaders.one_line import one_line

#: A tag, then the lines of its value as they are written, blank ones between and after them included.
Tag = list[str]

# Characters that are split into lines at a time.
_BLOCK = 65_536


@dataclass(frozen=True, slots=True)
class Form:
    """What tells the tags of a format."""

    #: Matches a line that starts a tag: group 1 the tag, group 2 the value.
    begins: Callable[[str], re.Match[str] | None]
    #: Characters before most values. Where a value begins there, they alone say which tag its line starts.
    width: int
    #: Tags at which a record may begin or end.
    bounds: frozenset[str]


@dataclass(slots=True)
class Stretch:
    """The tags from one bound up to the next one, and the line of the first; at least one."""

    line: int
    tags: list[Tag]

    @property
    def name(self) -> str:
        """The first tag."""
        return self.tags[0][0]

    @property
    def after_first(self) -> "Stretch":
        """The tags after the first; there may be none."""
        return Stretch(self.line + len(self.tags[0]) - 1, self.tags[1:])


class TaggedRecord:
    """The tags of one record, the line it begins on, and the values by tag."""

    __slots__ = ("_named", "line", "tags")

    def __init__(self, line: int, tags: list[Tag]) -> None:
        self.line = line
        self.tags = tags
        self._named: dict[str, list[Tag]] = {}
        named = self._named
        for tag in tags:
            name = tag[0]
            if name in named:
                named[name].append(tag)
            else:
                named[name] = [tag]

    def values(self, *names: str) -> list[str]:
        """Return the values of the tags that are not blank, tag by tag in the order asked for."""
        found: list[str] = []
        for name in names:
            if name in self._named:
                found += [text for tag in self._named[name] if (text := value(tag))]
        return found

    def lists(self, *names: str) -> list[str]:
        """Return the values, each line of them a value."""
        named = self._named
        return [
            text
            for name in names
            if name in named
            for tag in named[name]
            for line in tag[1:]
            if (text := one_line(line))
        ]

    def first(self, *names: str) -> str | None:
        """Return the first value that is not blank, tag by tag in the order asked for."""
        for name in names:
            if name in self._named:
                for tag in self._named[name]:
                    if text := value(tag):
                        return text
        return None

    def in_order(self, names: Collection[str]) -> Iterator[tuple[str, str]]:
        """Yield the tags of these names that are not blank, each with its value, in the order of the record."""
        found = [name for name in names if name in self._named]
        for tag in self._named[found[0]] if len(found) == 1 else self.tags if found else ():
            if tag[0] in names and (text := value(tag)):
                yield tag[0], text


def value(tag: Tag) -> str:
    """Return a tag's value on one line."""
    text = tag[1] if len(tag) == 2 else " ".join(tag[1:])
    # Most are in order, and this is told quickly: of ASCII's white space the reading left only these two in a line.
    if text.isascii() and "\t" not in text and "  " not in text:
        return text.strip()
    return one_line(text)


def stretches(text: str, form: Form) -> Iterator[Stretch]:
    """Yield the tags of a text, in stretches. What stands before the first tag is passed over."""
    begins, width, bounds = form.begins, form.width, form.bounds
    # What stands before a value -> its tag, but for bounds: most lines are looked up instead of matched.
    known: dict[str, str] = {}
    start, found = 0, list[Tag]()
    before = 0
    for block in _blocks(text):
        lines = block.split("\n")
        for number, line in enumerate(lines, before + 1):
            lead = line[:width]
            if lead in known:
                found.append([known[lead], line[width:]])
            elif match := begins(line):
                name = match[1].upper()
                if name in bounds or not found:
                    if found:
                        yield Stretch(start, found)
                    start, found = number, []
                elif match.start(2) == width:
                    known[lead] = name
                found.append([name, match[2]])
            elif found:
                found[-1].append(line)
        before += len(lines)
    if found:
        yield Stretch(start, found)


def _blocks(text: str) -> Iterator[str]:
    """Whole lines, some at a time: all lines at once would need the memory of the text once more."""
    start = 0
    while (end := text.find("\n", start + _BLOCK)) >= 0:
        yield text[start:end]
        start = end + 1
    yield text[start:]
