"""Tagged files: the one reader behind RIS, MEDLINE and Web of Science, from text to tags with their lines.

Which lines begin a tag is the format's to say (a regular expression); every other line goes on with the value before
it. What makes a record of the tags is the format's as well: they differ in nothing more.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field


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


@dataclass(slots=True)
class TaggedRecord:
    """The tags of one record in their order."""

    line: int
    tags: list[Tag] = field(default_factory=list[Tag])

    def values(self, *names: str) -> list[str]:
        """Return the values of the tags that are not blank, tag by tag in the order asked for."""
        return [value for name in names for tag in self.tags if tag.name == name and (value := tag.value)]

    def lists(self, *names: str) -> list[str]:
        """Return the values, each line of them a value."""
        return [part for name in names for tag in self.tags if tag.name == name for part in tag.parts]

    def first(self, *names: str) -> str | None:
        """Return the first value that is not blank, tag by tag in the order asked for."""
        return next(iter(self.values(*names)), None)


def tags(text: str, begins: Callable[[str], re.Match[str] | None]) -> Iterator[Tag]:
    """Yield the tags of a text. ``begins`` matches a line that starts one: group 1 the tag, group 2 the value.

    What stands before the first tag is passed over.
    """
    current: Tag | None = None
    for number, line in enumerate(text.split("\n"), 1):
        match = begins(line)
        if match:
            if current is not None:
                yield current
            current = Tag(match[1].upper(), number, [_tidy(match[2])])
        elif current is not None:
            current.lines.append(_tidy(line))
    if current is not None:
        yield current


def _tidy(text: str) -> str:
    return " ".join(text.split())
