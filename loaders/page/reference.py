"""One printed reference: numbered or not, in the manner of Vancouver, AMA, APA, Harvard, MLA, Chicago or Nature.

Pages print references by hand: what cannot be read stays unknown, and nothing is guessed from half a match.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from loaders.identifiers import in_addresses
from loaders.page.authors import is_group, read_authors, read_full_names
from loaders.page.place import place_after_journal, place_with_year
from schema.ids import BadIdentifier, normalise_doi, normalise_pmcid, normalise_pmid
from schema.page_text import PrintedReference

#: Letters of the longest entry that is read.
LONGEST = 2000
_NUMBER = re.compile(r"^\s*(?:\[\^?(\d{1,3})\]:?|\((\d{1,3})\)|(\d{1,3})[.)])\s+")
_RAISED = re.compile(r"^\s*[⁰¹²³⁴-⁹]{1,3}\s*")
_BULLET = re.compile(r"^\s*(?:[-*•^↑]\s+)+")
#: What leads from a footnote back to the text.
_BACK = re.compile(r"[↩↑⤴]\ufe0e?")
_PMID = re.compile(r"\bPMID\s*:?\s*(\d{1,9})\b\.?", re.IGNORECASE)
_PMCID = re.compile(r"\b(?:PMCID\s*:?\s*)?(PMC\d{4,9})\b\.?", re.IGNORECASE)
_DOI = re.compile(r"(?:\bdoi\s*:?\s*|https?://(?:dx\.)?doi\.org/)?\b(10\.\d{4,9}/[^\s<>\"]+)", re.IGNORECASE)
_ADDRESS = re.compile(
    r"(?:(?:Available|Accessed|Retrieved)\s+(?:from|at|on)?:?\s*)?<?\bhttps?://[^\s<>]+>?", re.IGNORECASE
)
#: An address that is no identifier of a work.
_WEB = re.compile(
    r"\bhttps?://(?!(?:[\w.-]+\.)?(?:doi\.org|pubmed\.gov|ncbi\.nlm\.nih\.gov|europepmc\.org)\b)[^\s<>]+", re.IGNORECASE
)
#: When it was seen on the web.
_ONLINE = re.compile(
    r"[\s.,;(\[]*\b(?:Epub(?:\s+ahead\s+of\s+print)?|(?:Advance )?online (?:publication|ahead of print)|"
    r"Published online|Accessed|Retrieved|Cited)\b[^()]{0,40}[)\].]*\s*$",
    re.IGNORECASE,
)
_EARLY_YEAR = re.compile(r"\((?P<year>(?:1[5-9]|20)\d\d)[a-z]?(?:,[^)]*)?\)\s*[.:,]?\s*")
#: Harvard without brackets: ``Smith, M.T. & Other, A., 2004. Title``.
_BARE_YEAR = re.compile(r",\s*(?P<year>(?:1[5-9]|20)\d\d)[a-z]?\s*[.,]\s+(?=\S)")
#: What a link to a work is called by: ``Smith 2004``, ``Smith & Other (2004)``, ``Smith et al., 2004``.
_AUTHOR_YEAR = re.compile(
    r"(?P<author>[^\W\d_][\w'’-]+)(?:\s+(?:et\s+al\.?|(?:and|&)\s+[^\W\d_][\w'’-]+))?,?\s*"
    r"\(?(?P<year>(?:1[5-9]|20)\d\d)[a-z]?\)?\.?"
)
#: Words of the shortest entry with an identifier that is more than the name of a link.
_FEWEST_WORDS = 4
#: A title in quotation marks.
_QUOTED = re.compile(r"[“\"](?P<double>[^“”\"]{12,})[”\"]|[‘'](?P<single>[^‘]{12,}?)[’'](?=\s*[,.]\s)")
#: A full stop ends a sentence where a word of two letters or more, a bracket or a figure stands before it.
_STOP = re.compile(r"(?<=[^\W_]{2})\.\s+|(?<=[)\]\d”\"])\.\s+|(?<=[?!])\s+")
_NO_STOP = re.compile(r"\b(?:vs|no|vol|St|Dr|cf|approx)\.$", re.IGNORECASE)
#: Words of a journal's name that stand before a full stop, abbreviated: ``N. Engl. J. Med``.
_ABBREVIATED = re.compile(r"(?:[^\W\d_]{1,6}\s+){0,2}[^\W\d_]{1,6}")
#: What kind of work it is, in brackets behind the title.
_KIND = re.compile(r"(?<=\S)\s*\[[A-Za-z][^\[\]]{2,40}\]\s*\.?\s*$")


@dataclass(frozen=True, slots=True)
class _Parts:
    authors: tuple[str, ...] = ()
    title: str | None = None
    year: int | None = None
    journal: str | None = None
    volume: str | None = None
    pages: str | None = None


def read_reference(printed: str, line: int | None = None, links: Sequence[str] = ()) -> PrintedReference:
    """Return what a printed reference says; ``links`` are those in it. Never raises on content."""
    text = " ".join(_BACK.sub(" ", printed).split())[:LONGEST]
    number = _NUMBER.match(text)
    # An entry of marks alone is shown as it stands.
    entry = _BULLET.sub("", _RAISED.sub("", text[number.end() :] if number else text)) or text
    found, bare = _identifiers(entry, links)
    label = _label(bare) if found else None
    parts = label or _quoted(bare) or _early_year(bare) or _late_year(bare)
    return PrintedReference(
        printed=entry,
        number=int(next(filter(None, number.groups()))) if number else None,
        authors=parts.authors,
        title=_KIND.sub("", parts.title) if parts.title else None,
        year=parts.year,
        journal=parts.journal,
        volume=parts.volume,
        pages=parts.pages,
        doi=found.get("doi"),
        pmid=found.get("pmid"),
        pmcid=found.get("pmcid"),
        address=_address(" ".join((entry, *links))),
        line=line,
    )


def _label(text: str) -> _Parts | None:
    """Read the few words that a link to the work is given: ``Smith et al. 2004``, ``Full text (PubMed)``, none."""
    if named := _AUTHOR_YEAR.fullmatch(text):
        return _Parts(authors=(named["author"],), year=int(named["year"]))
    return _Parts() if len(text.split()) < _FEWEST_WORDS and not re.search(r"\d{4}", text) else None


def _identifiers(text: str, links: Sequence[str]) -> tuple[dict[str, str], str]:
    """The identifiers, normalised, and the text without them and without addresses."""
    everything = " ".join((text, *links))
    named = {
        "pmid": [one[1] for one in _PMID.finditer(text)] or in_addresses("pmid", [text, *links]),
        "pmcid": [one[1].upper() for one in _PMCID.finditer(everything)],
        "doi": [_closed(one[1]) for one in _DOI.finditer(everything)],
    }
    normalise = {"pmid": normalise_pmid, "pmcid": normalise_pmcid, "doi": normalise_doi}
    found: dict[str, str] = {}
    for kind, values in named.items():
        try:
            found |= {kind: normalise[kind](values[0])} if values else {}
        except BadIdentifier:
            continue
    for pattern in (_PMID, _DOI, _ADDRESS, _PMCID):
        text = pattern.sub(" ", text)
    text = re.sub(r"\bdoi\s*:?\s*(?=$|[.\s])", " ", text, flags=re.IGNORECASE)
    text = _ONLINE.sub("", re.sub(r"\.\s+(?:[.;,]\s*)+", ". ", " ".join(text.split())).strip(" ;,"))
    return found, text.strip(" ;,")


def _address(text: str) -> str | None:
    return next((one[0].rstrip(".,;)>") for one in _WEB.finditer(text)), None)


def _closed(doi: str) -> str:
    """A DOI without what follows it in the sentence; a bracket belongs to it where it was opened in it."""
    bare = doi.rstrip(".,;’”'")
    while bare.endswith((")", "]")) and bare.count("(") + bare.count("[") < bare.count(")") + bare.count("]"):
        bare = bare[:-1].rstrip(".,;")
    return bare


def _quoted(text: str) -> _Parts | None:
    """Read ``Smith, Michael. “Title.” Journal, vol. 8, no. 2, 2004, pp. 1-9.`` and ``Smith, M. (2004) 'Title', J…``."""
    found = _QUOTED.search(text)
    if found is None or found.start() == 0:
        return None
    lead, rest = text[: found.start()].strip(), text[found.end() :].strip(" .,")
    year = _EARLY_YEAR.search(lead)
    authors = read_full_names(lead[: year.start()] if year else lead)
    if not authors:
        return None
    place = place_after_journal(rest) if year else place_with_year(rest)
    return _Parts(
        authors=authors,
        title=(found["double"] or found["single"]).strip(" .,"),
        year=int(year["year"]) if year else place.year,
        journal=re.sub(r"^in:?\s+", "", place.before.strip(" .,"), flags=re.IGNORECASE) or None,
        volume=place.volume,
        pages=place.pages,
    )


def _early_year(text: str) -> _Parts | None:
    """Read ``McLaughlin, K. A., & Nolen-Hoeksema, S. (2011). Title. Journal, 49(3), 186–193.`` (APA, Harvard)."""
    year = _EARLY_YEAR.search(text)
    if year is None or year.start() == 0 or len(text) - year.end() < 8:
        year = _BARE_YEAR.search(text)
        if year is None or not read_authors(text[: year.start()]):
            return None
    lead, rest = text[: year.start()].strip(), text[year.end() :].strip()
    authors = read_authors(lead)
    if not authors and re.search(r"[^\W\d_]{3,}\.\s+\S+\s+\S", lead):
        # Sentences stand before it: the year belongs to the place in print, or to the title.
        return None
    place = place_after_journal(rest)
    title, journal = _title_and_journal(place.before)
    return _Parts(authors, title, int(year["year"]), journal, place.volume, place.pages)


def _late_year(text: str) -> _Parts:
    """Read ``Smith MT, Haythornthwaite JA. Title. Sleep Med Rev. 2004;8(2):119-32.``, or a title alone."""
    place = place_with_year(text)
    lead, rest = _first_sentence(place.before)
    authors = read_authors(lead) if rest else ()
    title, journal = _title_and_journal(rest if authors else place.before)
    if authors and is_group(authors[0]) and journal is None and place.volume:
        # One sentence and the journal: what looked like a group is the title.
        authors, (title, journal) = (), (lead, title)
    if journal and ":" in journal and journal.endswith(";"):
        journal = None  # A town and a publisher: a book.
    return _Parts(authors, title, place.year, journal if place.year else None, place.volume, place.pages)


def _first_sentence(text: str) -> tuple[str, str]:
    """The part before the first full stop, where authors end, and the rest; initials and ``et al.`` belong to them."""
    for stop in re.finditer(r"\.\s+", text):
        last = text[: stop.start()].rsplit(" ", maxsplit=1)[-1]
        if re.search(r"[^\W\d_]", last) and not re.match(r"(?:[^\W\d_]\.|&|and\b|et al)", text[stop.end() :]):
            return text[: stop.start()], text[stop.end() :]
    return text, ""


def _title_and_journal(text: str) -> tuple[str | None, str | None]:
    """A title may hold a question mark or a full stop, and the journal is the last sentence, abbreviated or not."""
    whole = text.strip().rstrip(".").strip()
    stops = [
        stop
        for stop in _STOP.finditer(whole)
        if whole[stop.end() : stop.end() + 1].isupper() and not _NO_STOP.search(whole[: stop.end()].rstrip())
    ]
    full = [stop for stop in stops if stop.group().startswith(".")]
    if not stops:
        return whole or None, None
    at = (full or stops)[-1]
    start, end = at.start(), at.end()
    while full:
        # ``. N. Engl. J. Med``: what stands before is a part of the name too.
        before = max(whole.rfind(". ", 0, start), whole.rfind("? ", 0, start))
        part = whole[before + 2 : start]
        if before <= 0 or not _ABBREVIATED.fullmatch(part) or not all(word[0].isupper() for word in part.split()):
            break
        start, end = before + (whole[before] == "?"), before + 2
    return whole[:start].strip() or None, whole[end:].strip(" .,") or None
