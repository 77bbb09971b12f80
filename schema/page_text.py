"""A page as it was read: its passages and its reference list, before anything is judged."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PrintedReference:
    """One entry of a reference list, and what could be read of it; None and empty are unknown.

    ``number`` is the one printed before it; ``authors`` are family names, or the name of a group.
    """

    printed: str
    number: int | None = None
    authors: tuple[str, ...] = ()
    title: str | None = None
    year: int | None = None
    journal: str | None = None
    volume: str | None = None
    pages: str | None = None
    doi: str | None = None
    pmid: str | None = None
    pmcid: str | None = None
    #: Where on the web it is said to stand, other than under an identifier.
    address: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """One sentence, with the paragraph that it stands in, the headings above it, and its line in the file.

    ``leads`` are the words that lead to it, the nearest first: the first cell of its row, the entry of a list that it
    stands below, a line that ends with a colon.
    """

    text: str
    paragraph: str
    headings: tuple[str, ...] = ()
    line: int | None = None
    leads: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PageText:
    """A page: its title where it has one, its sentences in order, and its references as printed.

    ``cut`` is the line behind which nothing could be read.
    """

    name: str
    title: str | None
    passages: tuple[Passage, ...]
    references: tuple[PrintedReference, ...]
    cut: int | None = None
