"""A printed reference beside the citation that it means: which fields differ in substance.

British and American spelling, abbreviations of journals, accents and the number of authors named are no differences
of substance; a wrong subtitle, year, first author, journal, volume, first page or identifier is.
"""

from dataclasses import dataclass

from rapidfuzz import fuzz

from kb.matching import Facts
from kb.matching.facts import letters
from kb.matching.titles import read_title, spelt
from schema.citation import Author, Citation
from schema.page_text import PrintedReference

#: How like two titles are (per cent of their letters) that differ in a misprint alone.
MISPRINT = 97
#: How like the main parts of two titles must be for a reference to mean a citation.
MEANT = 88


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that differs in substance, as printed and as found."""

    field: str
    printed: str
    found: str


def facts_of(printed: PrintedReference) -> Facts:
    """Return what a printed reference is compared by."""
    return Facts.of(
        Citation(
            id="local:printed",
            title=printed.title,
            authors=tuple(Author(family=name) for name in printed.authors),
            year=printed.year,
            journal=printed.journal,
            volume=printed.volume,
            pages=printed.pages,
        )
    )


def meant(printed: PrintedReference, candidates: list[Citation]) -> Citation | None:
    """Return the citation that a reference without a known identifier means; None where none, or two, may be it.

    The main title must agree, and the first author or the year beside it; without a subtitle in common both must.
    """
    ranked = sorted(((_likeness(printed, one), one) for one in candidates), key=lambda pair: (-pair[0], pair[1].id))
    fit = [pair for pair in ranked if pair[0] > 0]
    if not fit or (len(fit) > 1 and fit[0][0] == fit[1][0]):
        return None
    return fit[0][1]


def _likeness(printed: PrintedReference, citation: Citation) -> float:
    one, other = facts_of(printed), Facts.of(citation)
    if one.title is None or other.title is None:
        return 0
    whole = fuzz.ratio(one.title.letters, other.title.letters)
    main = fuzz.ratio(one.title.main, other.title.main)
    author = bool(one.family) and one.family == other.family
    year = one.year is not None and other.year is not None and abs(one.year - other.year) <= 1
    clash = bool(one.family and other.family and not author)
    if whole >= MEANT and (author or year) and not (clash and not year):
        return whole + author + year
    if main >= MEANT and author and year:
        return main * 0.9 + whole * 0.1
    return 0


def differences(printed: PrintedReference, citation: Citation) -> list[Difference]:
    """Return the fields that differ in substance; one that either side does not tell is not compared."""
    one, other = facts_of(printed), Facts.of(citation)
    found: list[Difference] = []
    if one.title and other.title and not _same_title(printed, citation):
        found.append(Difference("title", printed.title or "", citation.title or ""))
    if one.family and other.family and one.family not in other.author and other.family not in one.author:
        found.append(Difference("first_author", printed.authors[0], citation.authors[0].name))
    if one.year and other.year and one.year != other.year:
        found.append(Difference("year", str(one.year), str(other.year)))
    if one.journals and other.journals and not any(_same_journal(a, b) for a in one.journals for b in other.journals):
        found.append(
            Difference("journal", printed.journal or "", citation.journal or citation.journal_abbreviation or "")
        )
    if one.volume and other.volume and one.volume != other.volume:
        found.append(Difference("volume", one.volume, other.volume))
    if one.page and other.page and one.page != other.page:
        found.append(Difference("pages", printed.pages or "", citation.pages or ""))
    for name in ("pmid", "doi"):
        told, known = getattr(printed, name), getattr(citation, name)
        if told and known and told != known:
            found.append(Difference(name, told, known))
    return found


def only_subtitle(difference: Difference) -> bool:
    """Return whether a difference of titles lies behind the main title alone."""
    if difference.field != "title":
        return False
    one, other = read_title(difference.printed), read_title(difference.found)
    return one.main == other.main and one.letters != other.letters


def _same_title(printed: PrintedReference, citation: Citation) -> bool:
    one, other = read_title(printed.title or ""), read_title(citation.title or "")
    # A page may leave a subtitle out: that misquotes nothing.
    if one.letters in (other.letters, other.main):
        return True
    return one.numbers == other.numbers and fuzz.ratio(one.letters, other.letters) >= MISPRINT


def _same_journal(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """``Behavior Research and Therapy`` is ``Behaviour Research and Therapy``; ``Sleep Med Rev`` is abbreviated."""
    if [spelt(word) for word in one] == [spelt(word) for word in other]:
        return True
    short, long = sorted((one, other), key=lambda words: sum(map(len, words)))
    if len(short) == 1 and len(long) > 1:
        return letters(short[0]) == "".join(word[0] for word in long)
    return len(short) == len(long) and all(
        spelt(full).startswith(spelt(cut)) or full.startswith(cut) for cut, full in zip(short, long, strict=True)
    )
