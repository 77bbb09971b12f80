"""Tagged files: the one reader behind RIS, MEDLINE and Web of Science, from text to tags with their lines.

Which lines begin a tag is the format's to say (a regular expression); every other line goes on with the value before
it. What makes a record of the tags is the format's as well: they differ in nothing more.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter

from loaders.one_line import one_line

# Characters that are split into lines at a time.
_BLOCK = 65_536


@dataclass(slots=True)
class Tag:
    """A tag, the line it stands on, and the lines of its value (blank ones between and after them included)."""

    name: str
    line: int
    lines: list[str]

    @property
    def value(self) -> str:
        """The value on one line."""
        # Most values are one line.
        return self.lines[0] if len(self.lines) == 1 else " ".join(filter(None, self.lines))

    @property
    def parts(self) -> list[str]:
        """The value's lines, where each is a value of its own."""
        return [part for part in self.lines if part]

    @property
    def blank_follows(self) -> bool:
        """Whether a blank line stands between this tag's value and what follows."""
        return len(self.lines) > 1 and not self.lines[-1]


class TaggedRecord:
    """The tags of one record in their order; at least one."""

    __slots__ = ("_named", "tags")

    def __init__(self, tags: list[Tag]) -> None:
        self.tags = tags
        self._named: dict[str, list[Tag]] = {}
        for tag in tags:
            self._named.setdefault(tag.name, []).append(tag)

    @property
    def line(self) -> int:
        """The line that the record begins on."""
        return self.tags[0].line

    def values(self, *names: str) -> list[str]:
        """Return the values of the tags that are not blank, tag by tag in the order asked for."""
        named = self._named
        return [value for name in names if name in named for tag in named[name] if (value := tag.value)]

    def in_order(self, *names: str) -> list[Tag]:
        """Return the tags of these names in the record's order."""
        named = self._named
        return sorted((tag for name in names for tag in named.get(name, ())), key=attrgetter("line"))

    def lists(self, *names: str) -> list[str]:
        """Return the values, each line of them a value."""
        named = self._named
        return [part for name in names if name in named for tag in named[name] for part in tag.parts]

    def first(self, *names: str) -> str | None:
        """Return the first value that is not blank, tag by tag in the order asked for."""
        for name in names:
            for tag in self._named.get(name, ()):
                if value := tag.value:
                    return value
        return None


def tags(text: str, begins: Callable[[str], re.Match[str] | None], width: int) -> Iterator[Tag]:
    """Yield the tags of a text. ``begins`` matches a line that starts one: group 1 the tag, group 2 the value.

    ``width``: of what stands before most values; where a value begins there, it is for what stands before it to say
    that the line starts a tag. What stands before the first tag is passed over.
    """
    current: Tag | None = None
    # What stands before the values -> tag: looked up at most lines, instead of matched.
    known: dict[str, str] = {}
    for number, line in enumerate(_lines(text), 1):
        lead = line[:width]
        if lead in known:
            name, value = known[lead], line[width:]
        elif match := begins(line):
            name, value = match[1].upper(), match[2]
            if match.start(2) == width:
                known[lead] = name
        else:
            if current is not None:
                current.lines.append(one_line(line))
            continue
        if current is not None:
            yield current
        current = Tag(name, number, [one_line(value)])
    if current is not None:
        yield current


def _lines(text: str) -> Iterator[str]:
    return chain.from_iterable(block.split("\n") for block in _blocks(text))


def _blocks(text: str) -> Iterator[str]:
    """Whole lines, some at a time: all lines at once would need the memory of the text once more."""
    start = 0
    while (end := text.find("\n", start + _BLOCK)) >= 0:
        yield text[start:end]
        start = end + 1
    yield text[start:]
