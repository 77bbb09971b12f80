"""Compare a citation as printed with what a source holds, field by field.

What printers and indexes change is no difference of substance: case, hyphens, Greek letters, British and American
spelling, a trailing stop, an abbreviated journal or page range, the year in print and online. What sends a reader to
another work is: another word in the title or subtitle, another first author, year, journal, volume, page or identifier.
A field that one of the two does not have is not compared.
"""

import re
import unicodedata
from collections.abc import Callable

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from kb.matching import Facts
from kb.matching.likeness import OWN_LETTERS
from kb.matching.names import same_author, same_journal
from kb.matching.titles import Title, read_title
from schema.check import Difference
from schema.citation import Author, Citation
from schema.records import IDENTIFIERS

#: A misprint is forgiven in words of so many letters, behind the first few: those decide the meaning (hypo-, ab-).
MISPRINT_LETTERS = 8
MEANT_LETTERS = 5

#: ``1120-8``, ``S12–S19``, ``e205``, ``1120``; the letters before and after a number belong to it.
_PAGES = re.compile(r"([a-z]*)(\d+)([a-z]*)(?:\s*-\s*([a-z]*)(\d+)([a-z]*))?", re.IGNORECASE)


def compare(printed: Citation, found: Citation) -> tuple[Difference, ...]:
    """Return the fields in which the two differ in substance, in the order of a reference."""
    return tuple(
        Difference(field=name, printed=ours, found=theirs)
        for name, agree, ours, theirs in _fields(printed, found)
        if ours and theirs and ours != theirs and not agree()
    )


def agreed(printed: Citation, found: Citation) -> tuple[str, ...]:
    """Return the fields that both have and in which they agree, in the order of a reference."""
    return tuple(
        name for name, agree, ours, theirs in _fields(printed, found) if ours and theirs and (ours == theirs or agree())
    )


def _fields(printed: Citation, found: Citation) -> tuple[tuple[str, Callable[[], bool], str | None, str | None], ...]:
    """Each field with whether other spellings of it agree, and its two values."""
    one, other = Facts.of(printed), Facts.of(found)
    return (
        ("first_author", lambda: _first_authors(printed, found, one, other), _first(printed), _first(found)),
        ("title", lambda: _titles(printed, found, one, other), printed.title, found.title),
        ("year", lambda: _years(printed, found), _year(printed), _year(found)),
        ("journal", lambda: same_journal(one, other) is not False, _journal(printed), _journal(found)),
        ("volume", lambda: one.volume == other.volume or None in (one.volume, other.volume), printed.volume,
         found.volume),
        ("pages", lambda: pages_agree(printed.pages or "", found.pages or ""), printed.pages, found.pages),
        *((name, lambda: False, *_unequal(printed, found, name)) for name in IDENTIFIERS),
    )  # fmt: skip


def titles_agree(printed: str, found: str) -> bool:
    """Say whether two titles are one, spelling and a misprint apart. A missing subtitle is not a wrong one."""
    one, other = read_title(printed), read_title(found)
    if one.letters == other.letters or not one.letters or not other.letters:
        return True
    if one.numbers != other.numbers:
        return False
    longer, shorter = sorted((one, other), key=lambda each: len(each.letters), reverse=True)
    if len(shorter.letters) >= OWN_LETTERS and longer.main == shorter.letters:
        return True
    return _misprint(one, other)


def title_likeness(printed: str, found: str) -> float:
    """Return how like two titles are, in per cent of the letters of the longer; 100 is equal."""
    return fuzz.ratio(read_title(printed).letters, read_title(found).letters)


def pages_agree(printed: str, found: str) -> bool:
    """Say whether two page ranges may be one: ``1063-76`` is 1063-1076, and a first page stands for its range."""
    one, other = _range(printed), _range(found)
    if one is None or other is None:
        return True
    if _of_a_file(one) != _of_a_file(other):
        # An article that has a number is also printed with the pages of its file, which begin at 1.
        return True
    return one[0] == other[0] and (one[1] is None or other[1] is None or one[1] == other[1])


def _misprint(one: Title, other: Title) -> bool:
    """Whether one long word differs in one letter (or two swapped), not at its beginning."""
    if len(one.words) != len(other.words):
        return False
    wrong = [(a, b) for a, b in zip(one.words, other.words, strict=True) if a != b]
    if len(wrong) != 1:
        return False
    ((a, b),) = wrong
    meant = a[:MEANT_LETTERS] == b[:MEANT_LETTERS]
    return min(len(a), len(b)) >= MISPRINT_LETTERS and meant and OSA.distance(a, b) <= 1


def _range(text: str) -> tuple[str, str | None] | None:
    plain = re.sub(r"[‐‑‒–—−]+|-{2,}", "-", unicodedata.normalize("NFKC", text)).replace(".", "").casefold()  # noqa: RUF001
    match = _PAGES.search(plain)
    if match is None:
        return None
    before, first, after, again, last, behind = match.groups()
    first = first.lstrip("0") or first
    if last is None:
        return f"{before}{first}{after}", None
    last = last.lstrip("0") or last
    if len(last) < len(first):
        last = first[: len(first) - len(last)] + last
    return f"{before}{first}{after}", f"{again or before}{last}{behind or after}"


def _of_a_file(pages: tuple[str, str | None]) -> bool:
    return pages[0] == "1" and pages[1] is not None


def _titles(printed: Citation, found: Citation, one: Facts, other: Facts) -> bool:
    """Whether the titles are one; a subtitle that makes another kind of work ("study protocol") may not be missing."""
    if not titles_agree(printed.title or "", found.title or ""):
        return False
    same = one.title == other.title or (one.title and other.title and one.title.letters == other.title.letters)
    return bool(same) or one.kind is other.kind


def _first_authors(printed: Citation, found: Citation, one: Facts, other: Facts) -> bool:
    if same_author(one, other) is not False:
        return True
    ours, theirs = printed.authors[0], found.authors[0]
    if bool(ours.collective) != bool(theirs.collective):
        # A group and its writers are listed in either order.
        return _among(one, found) or _among(other, printed)
    return _swapped(ours, theirs)


def _among(first: Facts, citation: Citation) -> bool:
    each = (Facts.of(citation.model_copy(update={"authors": (author,)})) for author in citation.authors)
    return any(same_author(first, one) for one in each)


def _swapped(one: Author, other: Author) -> bool:
    """Whether family and given name changed places."""
    parts = [sorted(re.findall(r"\w+", f"{each.family} {each.given}".casefold())) for each in (one, other)]
    return bool(one.given and other.given) and parts[0] == parts[1]


def _years(printed: Citation, found: Citation) -> bool:
    """Whether a year of one is at most one from a year of the other: in print or online."""
    return any(abs(ours - theirs) <= 1 for ours in years_of(printed) for theirs in years_of(found))


def years_of(citation: Citation) -> set[int]:
    """Return the years of a citation, in print and online."""
    years = {citation.year} if citation.year else set[int]()
    return years | ({int(citation.published[:4])} if citation.published else set())


def _year(citation: Citation) -> str | None:
    years = years_of(citation)
    return str(citation.year or min(years)) if years else None


def _first(citation: Citation) -> str | None:
    return citation.authors[0].name if citation.authors else None


def _journal(citation: Citation) -> str | None:
    return citation.journal or citation.journal_abbreviation


def _unequal(printed: Citation, found: Citation, name: str) -> tuple[str | None, str | None]:
    return getattr(printed, name), getattr(found, name)
