"""What two citations are compared by, each made comparable once."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property, lru_cache

from kb.matching.kinds import Kind, fate_of, kind_of, recurs
from kb.matching.titles import Title, read_title
from schema.citation import Author, Citation
from schema.records import IDENTIFIERS
from schema.terms import CitationType

EDITION = re.compile(
    r"(?i)\b(\d+(?:st|nd|rd|th)|first|second|third|fourth|fifth|sixth|revised|updated|new) (?:edition|ed\b\.?|revision)"
    r"|\b(updated?)\b"
)
#: What stands between the parts of a family name.
PARTS = re.compile(r"[\s\-‐–']+")
PAGE = re.compile(r"[a-z]{0,4}\d+")
LEADING_ZEROS = re.compile(r"(?<![1-9])0+(?=\d)")
NO_LETTERS = re.compile(r"[^a-z0-9]+")
SMALL = {"the", "of", "and", "for", "in", "on", "de", "la", "der", "und", "et", "a", "an", "le", "les", "des", "du"}


@dataclass(frozen=True)
class Facts:
    """One citation, made comparable: what its keys are made of at once, the rest where it is compared with another."""

    citation: Citation
    title: Title | None
    year: int | None
    #: Words of the first author's name, the family name first; empty where unknown.
    author: tuple[str, ...]
    #: The first page or article number.
    page: str | None

    @classmethod
    def of(cls, citation: Citation) -> "Facts":
        """Read the facts of a citation."""
        title = read_title(citation.title) if citation.title else None
        return cls(
            citation=citation,
            title=title if title and title.letters else None,
            year=citation.year or (int(citation.published[:4]) if citation.published else None),
            author=name_of(citation.authors[0]) if citation.authors else (),
            page=_page(citation.pages) if citation.pages else None,
        )

    @property
    def id(self) -> str:
        """The id that the citation came with."""
        return self.citation.id

    @property
    def printed(self) -> str:
        """The title as printed; empty where unknown."""
        return self.citation.title or ""

    @property
    def family(self) -> str:
        """The first author's family name in one word."""
        return self.author[0] if self.author else ""

    @property
    def authors(self) -> tuple[Author, ...]:
        """All authors as read; made comparable only where the first one does not settle it."""
        return self.citation.authors

    @property
    def authors_complete(self) -> bool:
        """Whether those are all."""
        return self.citation.authors_complete

    @property
    def type(self) -> CitationType:
        """The type as read."""
        return self.citation.type

    @cached_property
    def kind(self) -> Kind:
        """What it is by its title, type, journal or DOI."""
        return kind_of(self.citation)

    @cached_property
    def edition(self) -> tuple[str, ...]:
        """What the title says of the version: an edition, an update."""
        return tuple(sorted("".join(found).lower() for found in EDITION.findall(self.printed)))

    @cached_property
    def identifiers(self) -> dict[str, str]:
        """Its outside identifiers by name, those that are known."""
        return {name: value for name in IDENTIFIERS if (value := getattr(self.citation, name))}

    @cached_property
    def journals(self) -> tuple[tuple[str, ...], ...]:
        """The words of the journal's name and of its abbreviation."""
        names = (self.citation.journal, self.citation.journal_abbreviation)
        return tuple(dict.fromkeys(words for name in names if name and (words := _name_words(name))))

    @cached_property
    def issns(self) -> frozenset[str]:
        """The journal's ISSNs, digits and X alone."""
        return frozenset(re.sub(r"[^0-9X]", "", issn.upper()) for issn in self.citation.issns)

    @cached_property
    def volume(self) -> str | None:
        """The first number of the volume."""
        found = re.search(r"\d+", self.citation.volume or "")
        return str(int(found[0])) if found else None

    @cached_property
    def issue(self) -> str | None:
        """The issue without leading zeros."""
        return letters(self.citation.issue or "").lstrip("0") or None

    @cached_property
    def fate(self) -> str:
        """What became of it that may have brought a second version (``one was retracted``); empty where unknown."""
        return fate_of(self.citation)

    @property
    def recurs(self) -> bool:
        """Whether it is of a sort that appears again under its title: a review, a guideline."""
        return recurs(self.type, self.printed) or any("cochrane" in words for words in self.journals)


@lru_cache(maxsize=65_536)
def letters(text: str) -> str:
    """Return the letters and digits of a text: case, accents, blanks and punctuation do not count."""
    if text.isascii():
        return NO_LETTERS.sub("", text.lower())
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(one for one in plain if one.isalnum())


def name_of(author: Author) -> tuple[str, ...]:
    """Return the words of a name: the family name in one, its parts where it has several, ``=`` and an initial."""
    if author.collective:
        return (letters(author.collective),)
    family = (author.family or "").strip()
    first = letters((author.given or author.initials or "").strip())[:1]
    if family.isascii() and family.isalpha():
        parts = [family.lower()]
    else:
        parts = [letters(part) for part in PARTS.split(family) if letters(part)]
    return ("".join(parts), *(parts if len(parts) > 1 else ()), *([f"={first}"] if first else []))


@lru_cache(maxsize=65_536)
def _name_words(name: str) -> tuple[str, ...]:
    bare = re.sub(r"\([^)]*\)", " ", name.partition(" : ")[0])
    plain = bare.casefold()
    if not plain.isascii():
        plain = "".join(one for one in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(one))
    plain = plain.replace("&", " ")
    return tuple(word for word in re.findall(r"[^\W_]+", plain) if word not in SMALL)


def _page(text: str) -> str | None:
    """Return the first page: ``1120`` of ``1120-8``, ``s12`` of ``S12–S19``, ``e205``."""
    found = PAGE.search(unicodedata.normalize("NFKC", text.lower()).replace(".", ""))
    return LEADING_ZEROS.sub("", found[0]) if found else None
