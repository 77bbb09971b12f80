"""Two citations of which no place in print is known to agree: what is needed to take them for one all the same."""

import re

from kb.matching.agreement import Agreement
from kb.matching.facts import Facts
from kb.matching.kinds import Kind
from kb.matching.names import authors_agreeing

#: Words of a title from which the first author alone may vouch for it.
LONG_TITLE = 7

#: Kinds of which one paper has one only.
SINGLE = frozenset({Kind.REPORT, Kind.PROTOCOL, Kind.BOOK, Kind.PREPRINT})

#: Pages of supplements, where abstracts of congresses stand.
SUPPLEMENT = re.compile(r"s\d")


def unsettled(one: Facts, other: Facts, found: Agreement, *, short: bool) -> list[str]:
    """Return what is missing for a match of two citations whose place in print is not known to agree.

    Two papers can share a title, the first author, the year and the journal: a retracted one and the one that replaced
    it, a congress abstract and the article, a review and its next version, two letters.
    """
    people = authors_agreeing(one, other)
    bound = books(one, other)
    alone = people == 1 and not bound
    fates = sorted({facts.fate for facts in (one, other) if facts.fate})
    both_abstracts = found.journals and one.kind is other.kind is Kind.ABSTRACT
    kinds = sorted({facts.kind.value for facts in (one, other) if facts.kind not in SINGLE and not both_abstracts})
    objections = (
        (people is None, "the other authors differ"),
        (short, "the title is short"),
        (found.journals is None and not bound and not (found.volumes or found.pages), "a journal is missing"),
        (
            alone and found.journals is None and not found.pages,
            "only the first author is known to agree",
        ),
        (
            alone and _gap(one, other) and (one.recurs or other.recurs) and not (found.numbered and found.pages),
            "only the first author is known to agree, and reviews and guidelines appear again under one title",
        ),
        (
            alone and not found.volumes and min(_words(one), _words(other)) < LONG_TITLE,
            "only the first author is known to agree, and the title is short",
        ),
        *((True, f"{fate}: the other may be a second version") for fate in fates),
        *((True, f"of {kind} there may be several") for kind in kinds),
        (
            any(SUPPLEMENT.match(facts.page or "") for facts in (one, other)) and not both_abstracts,
            "one is in a supplement, as abstracts of congresses are",
        ),
        (bool(one.identifiers and other.identifiers), "each has an identifier that the other lacks"),
    )
    return [text for true, text in objections if true]


def signed(one: Facts, other: Facts, found: Agreement) -> bool:
    """Whether several authors, the journal and the volume agree: worth a question though the title is short."""
    return bool(found.journals and found.volumes and (authors_agreeing(one, other) or 0) > 1)


def books(one: Facts, other: Facts) -> bool:
    """Whether one is a book and none is in a journal; not every source tells books from articles."""
    kinds = {one.kind, other.kind}
    return Kind.BOOK in kinds and kinds <= {Kind.BOOK, Kind.REPORT} and not (one.journals or other.journals)


def _gap(one: Facts, other: Facts) -> bool:
    """Whether one says something of its place in print that the other leaves out: there versions may differ."""
    return any((ours is None) != (theirs is None) for ours, theirs in zip(_printed(one), _printed(other), strict=True))


def _printed(one: Facts) -> tuple[str | None, ...]:
    return one.volume, one.issue, one.page


def _words(one: Facts) -> int:
    return len(one.title.words) if one.title else 0
