"""A printed reference beside the citation that it means: which one it is, and which fields differ in substance."""

from collections.abc import Iterable
from dataclasses import replace

from rapidfuzz import fuzz

from kb.matching import Facts
from kb.matching.likeness import OWN_LETTERS
from kb.matching.titles import read_title
from kb.matching.verdict import same_author
from kb.verification.compare import compare, years_of
from schema.check import Difference
from schema.citation import Author, Citation
from schema.page_text import PrintedReference

#: How like the main parts of two titles must be for a reference to mean a citation.
MEANT = 88


def as_citation(printed: PrintedReference, position: int = 0) -> Citation:
    """Return a printed reference as a citation with the identifiers that it prints; ``position`` makes its own id."""
    return Citation(
        id=f"local:printed-{position}",
        title=printed.title,
        authors=tuple(Author(family=name) for name in printed.authors),
        year=printed.year,
        journal=printed.journal,
        volume=printed.volume,
        pages=printed.pages,
        doi=printed.doi,
        pmid=printed.pmid,
        pmcid=printed.pmcid,
    )


def is_article(printed: PrintedReference) -> bool:
    """Return whether a reference is printed as an article: bibliographic sources hold few web pages and leaflets."""
    if any((printed.doi, printed.pmid, printed.pmcid, printed.volume, printed.pages)):
        return True
    return printed.journal is not None and printed.address is None


def title_within(printed: PrintedReference, work: Citation) -> str | None:
    """Return the title of a work that stands whole in a reference, where more was read as its title.

    So a reference in a manner that we do not know is not taken for another work. What begins with the title and goes
    on is no such case: the page has given it another subtitle.
    """
    if not work.title or not printed.title:
        return None
    title, read = read_title(work.title).letters, read_title(printed.title).letters
    within = len(title) >= OWN_LETTERS and title in read_title(printed.printed).letters
    return work.title if within and not read.startswith(title) else None


def facts_of(printed: PrintedReference) -> Facts:
    """Return what a printed reference is compared by."""
    return Facts.of(as_citation(printed))


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
    agree = same_author(one, other)
    author, clash = agree is True, agree is False
    year = one.year is not None and other.year is not None and abs(one.year - other.year) <= 1
    if whole >= MEANT and (author or year) and not (clash and not year):
        return whole + author + year
    if main >= MEANT and author and year:
        return main * 0.9 + whole * 0.1
    return whole if author and cut_short(one, other) else 0


def cut_short(printed: Facts, work: Facts) -> bool:
    """Return whether a printed title breaks off where that of the work, of the same author and year, goes on."""
    if printed.title is None or work.title is None or printed.year is None or work.year is None:
        return False
    begins = work.title.letters.startswith(printed.title.letters) and len(printed.title.letters) >= OWN_LETTERS
    return begins and same_author(printed, work) is True and abs(printed.year - work.year) <= 1


def differences(printed: PrintedReference, citation: Citation) -> tuple[Difference, ...]:
    """Return the fields that differ in substance, by the rules of kb.verification, and the year (:func:`misdated`)."""
    if title := title_within(printed, citation):
        printed = replace(printed, title=title)
    found = compare(as_citation(printed), citation)
    year = misdated(printed.year, [citation])
    return (*found, year) if year and all(one.field != "year" for one in found) else found


def misdated(year: int | None, works: Iterable[Citation]) -> Difference | None:
    """Return the years of a work (as each source has it), where a page prints none of them.

    Two indexes may differ by a year, in print and online; a page that prints neither year misquotes the work.
    """
    years = {each for one in works for each in years_of(one)}
    if not year or not years or year in years:
        return None
    return Difference(field="year", printed=str(year), found=" or ".join(map(str, sorted(years))))


def only_subtitle(difference: Difference) -> bool:
    """Return whether a difference of titles lies behind the main title alone."""
    if difference.field != "title":
        return False
    one, other = read_title(difference.printed), read_title(difference.found)
    return one.main == other.main and one.letters != other.letters
