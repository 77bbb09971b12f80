"""What two citations are compared by, each made comparable once."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from kb.matching.kinds import Kind, fate_of, kind_of, recurs
from kb.matching.titles import Title, read_title
from schema.citation import Author, Citation
from schema.records import IDENTIFIERS
from schema.terms import CitationType

EDITION = re.compile(
    r"(?i)\b(\d+(?:st|nd|rd|th)|first|second|third|fourth|fifth|sixth|revised|updated|new) (?:edition|ed\b\.?|revision)"
    r"|\b(updated?)\b"
)
NO_LETTERS = re.compile(r"[^a-z0-9]+")
SMALL = {"the", "of", "and", "for", "in", "on", "de", "la", "der", "und", "et", "a", "an", "le", "les", "des", "du"}


@dataclass(frozen=True, slots=True)
class Facts:
    """One citation, made comparable."""

    id: str
    title: Title | None
    printed: str
    kind: Kind
    #: What the title says of the version: an edition, an update.
    edition: tuple[str, ...]
    identifiers: dict[str, str]
    year: int | None
    #: Words of the first author's name, the family name first; empty where unknown.
    author: tuple[str, ...]
    journals: tuple[tuple[str, ...], ...]
    issns: frozenset[str]
    volume: str | None
    issue: str | None
    #: The first page or article number.
    page: str | None
    #: All authors as read, and whether those are all; made comparable only where the first one does not settle it.
    authors: tuple[Author, ...]
    authors_complete: bool
    #: What became of it that may have brought a second version (``one was retracted``); empty where nothing is known.
    fate: str
    type: CitationType

    @classmethod
    def of(cls, citation: Citation) -> "Facts":
        """Read the facts of a citation."""
        printed = citation.title or ""
        title = read_title(printed) if printed else None
        names = (citation.journal, citation.journal_abbreviation)
        return cls(
            id=citation.id,
            title=title if title and title.letters else None,
            printed=printed,
            kind=kind_of(citation),
            edition=tuple(sorted("".join(found).lower() for found in EDITION.findall(printed))),
            identifiers={name: value for name in IDENTIFIERS if (value := getattr(citation, name))},
            year=citation.year or (int(citation.published[:4]) if citation.published else None),
            author=name_of(citation.authors[0]) if citation.authors else (),
            journals=tuple(dict.fromkeys(words for name in names if name and (words := _name_words(name)))),
            issns=frozenset(re.sub(r"[^0-9X]", "", issn.upper()) for issn in citation.issns),
            volume=_volume(citation.volume),
            issue=letters(citation.issue or "").lstrip("0") or None,
            page=_page(citation.pages),
            authors=citation.authors,
            authors_complete=citation.authors_complete,
            fate=fate_of(citation),
            type=citation.type,
        )

    @property
    def recurs(self) -> bool:
        """Whether it is of a sort that appears again under its title: a review, a guideline."""
        return recurs(self.type, self.printed) or any("cochrane" in words for words in self.journals)

    @property
    def family(self) -> str:
        """The first author's family name in one word."""
        return self.author[0] if self.author else ""


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
    given = (author.given or author.initials or "").strip()
    parts = [letters(part) for part in re.split(r"[\s\-‐–']+", family) if letters(part)]
    first = letters(given)[:1]
    return ("".join(parts), *(parts if len(parts) > 1 else ()), *([f"={first}"] if first else []))


@lru_cache(maxsize=65_536)
def _name_words(name: str) -> tuple[str, ...]:
    bare = re.sub(r"\([^)]*\)", " ", name.partition(" : ")[0])
    plain = bare.casefold()
    if not plain.isascii():
        plain = "".join(one for one in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(one))
    plain = plain.replace("&", " ")
    return tuple(word for word in re.findall(r"[^\W_]+", plain) if word not in SMALL)


def _volume(text: str | None) -> str | None:
    found = re.search(r"\d+", text or "")
    return str(int(found[0])) if found else None


def _page(text: str | None) -> str | None:
    """Return the first page: ``1120`` of ``1120-8``, ``s12`` of ``S12–S19``, ``e205``."""
    found = re.search(r"[a-z]{0,4}\d+", unicodedata.normalize("NFKC", (text or "").lower()).replace(".", ""))
    return re.sub(r"(?<![1-9])0+(?=\d)", "", found[0]) if found else None
