"""Replacements: which therapies and conditions were merged into others between two releases, in words."""

from collections.abc import Iterator
from dataclasses import dataclass

from kb.evidence.evidence import Kind, Vocabulary


@dataclass(frozen=True, slots=True)
class Replacement:
    """An entry (label, id) that was merged into another one, or is not merged into it any more (``undone``)."""

    label: Kind
    id: str
    name: str
    into: str
    undone: bool

    @property
    def what(self) -> str:
        """What happened, in words."""
        how = "is no longer merged" if self.undone else "was merged"
        return f"the {self.label.lower()} {self.name} {how} into {self.into}"


def replacements(label: Kind, id: str, then: Vocabulary, now: Vocabulary) -> list[Replacement]:
    """Return what was merged into an entry between two releases, or the entry into another one; taken back too."""
    if (then.replaced is now.replaced) or not (then.replaced.entries or now.replaced.entries):
        return []
    return [*_merged(label, id, then, now, undone=False), *_merged(label, id, now, then, undone=True)]


def _merged(label: Kind, id: str, earlier: Vocabulary, later: Vocabulary, *, undone: bool) -> Iterator[Replacement]:
    """What ``later`` holds as merged into another entry than ``earlier`` does."""
    for old in (id, *later.replaced.merged_into(label, id)):
        was, end = earlier.replaced.current(label, old), later.replaced.current(label, old)
        if end in (was, old) or earlier.named(label, old) is None:
            continue
        # One that only goes along with the entry that it was merged into is not told of.
        along = later.replaced.current(label, was) == end or earlier.replaced.current(label, end) == was
        if was == old or not along:
            yield Replacement(label, old, later.name_of(label, old), later.name_of(label, end), undone)
