"""Look-alikes made of real records: a second paper of each sort that is easily taken for the first.

Each is made as such papers are printed, and comes without identifiers; then again with less and less of its place in
print, as far as something is left by which the two can be told apart at all.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from bench.pairs.real import Labelled, bare
from schema.citation import AbstractSection, Author, Citation, CitationLink, Retraction
from schema.terms import CitationLinkKind, CitationType, RetractionState

#: Papers of which each sort is made.
PAPERS = 40
#: What is left out of the second paper, step by step.
GAPS: tuple[tuple[str, ...], ...] = ((), ("issue",), ("issue", "pages"), ("issue", "pages", "volume"))
#: Somebody else.
OTHER = Author(family="Overstreet", initials="QX")


@dataclass(frozen=True)
class Sort:
    """One sort of look-alike: what is changed in the first paper and in the second one."""

    name: str
    second: Callable[[Citation], dict[str, Any]]
    first: Callable[[Citation], dict[str, Any]] = lambda _: {}
    #: How many of the gaps leave something to tell the two apart.
    gaps: int = len(GAPS)


def look_alikes(works: Sequence[Sequence[Citation]]) -> Iterator[Labelled]:
    """Yield the pairs, each of two papers."""
    chosen = sorted(
        (records[0] for records in works if _complete(records[0])),
        key=lambda one: sha256((one.title or "").encode()).digest(),
    )
    for sort in SORTS:
        for place, paper in enumerate(chosen[:PAPERS]):
            first = paper.model_copy(update=sort.first(paper))
            whole = first.model_copy(update={"links": (), "note": None, "retraction": NONE} | sort.second(paper))
            for number, gap in enumerate(GAPS[: sort.gaps]):
                mark = f"{sort.name.replace(' ', '-')}-{place}-{number}"
                second = bare(whole.model_copy(update=dict.fromkeys(gap)), mark)
                yield Labelled(sort.name, first, second, same=False, look_alike=True)


NONE = Retraction(state=RetractionState.NONE_FOUND)
NO_PLACE: dict[str, Any] = {"volume": None, "issue": None, "pages": None}


def _complete(one: Citation) -> bool:
    return bool(
        one.title
        and len(one.title) > 40
        and one.authors
        and one.authors_complete
        and one.year
        and one.journal
        and one.volume
        and one.pages
        and one.type is CitationType.ARTICLE
        and one.retraction.state is RetractionState.NONE_FOUND
    )


def _title(one: Citation) -> str:
    return (one.title or "").strip().rstrip(".")


def _titled(form: str) -> Callable[[Citation], dict[str, Any]]:
    return lambda one: {"title": form.format(_title(one))}


def _elsewhere(one: Citation) -> dict[str, Any]:
    """Another place of the same volume."""
    return {"issue": f"{_number(one.issue) + 6}", "pages": f"{_number(one.pages) + 2061}-{_number(one.pages) + 2070}"}


def _later(one: Citation, years: int) -> dict[str, Any]:
    volume = f"{_number(one.volume) + years}"
    return _elsewhere(one) | {"year": (one.year or 0) + years, "volume": volume, "published": None}


def _number(text: str | None) -> int:
    digits = "".join(letter for letter in (text or "").partition("-")[0] if letter.isdigit())
    return int(digits or 1) % 10_000


def _retracted(one: Citation) -> dict[str, Any]:
    return {"retraction": Retraction(state=RetractionState.RETRACTED, date=f"{one.year}")}


def _replacing(_: Citation) -> dict[str, Any]:
    link = CitationLink(kind=CitationLinkKind.RETRACTED_AND_REPUBLISHED_FROM, source="the retracted version")
    return {"links": (link,)}


def _cochrane(one: Citation) -> dict[str, Any]:
    home = {"journal": "Cochrane Database of Systematic Reviews", "journal_abbreviation": None, "issns": ()}
    return home | {"type": CitationType.REVIEW, "volume": "3", "issue": "3", "pages": "CD012345", "title": _title(one)}


def _foreign(one: Citation) -> dict[str, Any]:
    home = {"journal": "Zeitschrift für angewandte Beispiele", "journal_abbreviation": None, "issns": ()}
    return home | {"title": f"[{_title(one)}]", "volume": "7", "issue": "1", "pages": "11-19", "language": "de"}


def _partner(**changed: Any) -> Callable[[Citation], dict[str, Any]]:
    home = {"journal": "Annals of Invented Medicine", "journal_abbreviation": None, "issns": ()}
    return lambda _: home | {"volume": "901", "issue": "1", "pages": "1-9"} | changed


def _congress(**changed: Any) -> Callable[[Citation], dict[str, Any]]:
    text = (AbstractSection(text="Presented at a congress."),)
    place = {"issue": "Suppl 1", "pages": "S217", "abstract": text}
    return lambda one: {"volume": f"{_number(one.volume) + 1}"} | place | changed


SORTS = (
    Sort("12 and 24 months", _titled("{}: 24-month results"), _titled("{}: 12-month results")),
    Sort("12 and 24 months, other volumes", lambda one: _titled("{} at two years")(one) | _later(one, 1)),
    Sort("part I and part II", _titled("{}. Part II"), _titled("{}. Part I")),
    Sort("parts after a subtitle", _titled("{}: II. Safety"), _titled("{}: I. Efficacy")),
    Sort(
        "editorial of each year", lambda one: {"title": "Editorial"} | _later(one, 1), lambda _: {"title": "Editorial"}
    ),
    Sort(
        "editorial of each issue",
        lambda one: {"title": "Introduction"} | _elsewhere(one),
        lambda _: {"title": "Introduction"},
    ),
    Sort(
        "two replies of one author",
        lambda one: {"title": "In reply"} | _elsewhere(one),
        lambda _: {"title": "In reply"},
    ),
    Sort("congress abstract, marked", _congress(type=CitationType.ABSTRACT), gaps=3),
    Sort("congress abstract, unmarked", _congress(), gaps=2),
    Sort("congress abstract, same volume", lambda _: {"issue": "4", "pages": "S217"}, gaps=1),
    Sort("preprint", lambda _: {"journal": "medRxiv", "journal_abbreviation": None, "issns": (), **NO_PLACE}),
    Sort("preprint by its type", lambda _: {"type": CitationType.PREPRINT, **NO_PLACE}),
    Sort("erratum", lambda one: _titled("Erratum to: {}")(one) | _elsewhere(one)),
    Sort("erratum at the end", lambda one: _titled("{} (Erratum)")(one) | _elsewhere(one)),
    Sort("erratum by its type", lambda one: {"type": CitationType.NOTICE} | _elsewhere(one)),
    Sort("retraction notice", lambda one: _titled("Retraction notice to “{}”")(one) | _elsewhere(one)),
    Sort("comment", lambda one: _titled("Comment on: {}")(one) | _elsewhere(one) | {"authors": (OTHER,)}),
    Sort("reply", lambda one: _titled("{}: reply")(one) | _elsewhere(one)),
    Sort("reply of the authors", lambda one: _titled("Re: {}")(one) | _elsewhere(one)),
    Sort("comment by its type", lambda one: {"type": CitationType.COMMENT} | _elsewhere(one), gaps=3),
    Sort("retracted and replaced, the first is there", _elsewhere, _retracted),
    Sort("retracted and replaced, the second is there", _elsewhere, _replacing),
    Sort("replaced, nothing says so", _elsewhere, gaps=2),
    Sort("two journals", _partner()),
    Sort("two journals, one volume number", lambda one: _partner(volume=one.volume)(one)),
    Sort("update of a review, a year later", lambda one: _cochrane(one) | {"year": (one.year or 0) + 1}, _cochrane),
    Sort("update of a review, years later", lambda one: _cochrane(one) | {"year": (one.year or 0) + 5}, _cochrane),
    Sort(
        "update of a review, same year", lambda one: _cochrane(one) | {"volume": "11", "issue": "11"}, _cochrane, gaps=1
    ),
    Sort("protocol", lambda one: _titled("{}: study protocol for a randomised trial")(one) | _later(one, -1)),
    Sort("protocol, same year", lambda one: _titled("{}: protocol of a trial")(one) | _elsewhere(one)),
    Sort("protocol by its type", lambda one: {"type": CitationType.PROTOCOL} | _elsewhere(one)),
    Sort("translation", _foreign),
    Sort("another first author", lambda _: {"authors": (OTHER,)}),
    Sort("other authors after the first", lambda one: {"authors": (one.authors[0], OTHER)} | _elsewhere(one)),
    Sort("summary for patients", _titled("{}: summary for patients")),
    Sort("edition", _titled("{}, 3rd edition"), _titled("{}, 2nd edition")),
)
