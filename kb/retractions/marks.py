"""Marks: what notices make of the citations they are about. Pure.

A notice is about a citation by its PMID and its DOI: where the two lead to different citations, or contradict what the
citation is known by, it marks nothing and is told. Retraction, expression of concern, correction and reinstatement are
four things. Of one article the history counts, what the graph says of it included: a reinstatement lifts only what is
dated before it; of what is left the gravest stands, and of equals the latest. Where one of the two has no date, nobody
knows which came first: a reinstatement that the graph holds stays, else the graver stands, and it is told.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from schema.citation import Citation, Retraction
from schema.notice import Notice
from schema.parsed import Problem
from schema.terms import RetractionState

#: The gravest first. A correction never outweighs what became of the whole work.
GRAVEST_FIRST = (
    RetractionState.REMOVED,
    RetractionState.RETRACTED,
    RetractionState.EXPRESSION_OF_CONCERN,
    RetractionState.REINSTATED,
    RetractionState.CORRECTED,
)
#: What a later reinstatement takes back.
LIFTED = frozenset({RetractionState.REMOVED, RetractionState.RETRACTED, RetractionState.EXPRESSION_OF_CONCERN})

#: (pmid or doi, value)
Identifier = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Mark:
    """A citation and what became of it; ``where`` the notice that counts was read."""

    citation: Citation
    retraction: Retraction
    where: str

    @property
    def marked(self) -> Citation:
        """The citation as it stands then."""
        return self.citation.model_copy(update={"retraction": self.retraction})


def find_marks(
    notices: Iterable[Notice], citations: Iterable[Citation], merged: Mapping[Identifier, str] | None = None
) -> tuple[list[Mark], list[Problem]]:
    """Return a mark for every citation that notices are about, by id, and what is to be told.

    ``merged``: identifiers that a citation took over from another one, with its id. A citation that the notices leave
    as it is has a mark too, which says what it says.
    """
    by_id = {one.id: one for one in citations}
    leads: dict[Identifier, str] = dict(merged or {})
    for one in by_id.values():
        leads |= {(name, value): one.id for name, value in (("pmid", one.pmid), ("doi", one.doi)) if value}
    histories: dict[str, list[Notice]] = {}
    problems: list[Problem] = []
    for notice in notices:
        found = _about(notice, by_id, leads)
        if isinstance(found, Problem):
            problems.append(found)
        elif found is not None:
            histories.setdefault(found.id, []).append(notice)
    marks: list[Mark] = []
    for id_, history in sorted(histories.items()):
        mark, told = _marked(by_id[id_], history)
        marks.append(mark)
        problems += told
    return marks, problems


def _about(notice: Notice, by_id: Mapping[str, Citation], leads: Mapping[Identifier, str]) -> Citation | Problem | None:
    given = [(name, value) for name, value in (("pmid", notice.pmid), ("doi", notice.doi)) if value]
    found = {leads[one] for one in given if one in leads and leads[one] in by_id}
    if not found:
        return None
    if len(found) > 1:
        one, other = sorted(found)
        return Problem(
            notice.where,
            f"its PMID {notice.pmid} and its DOI {notice.doi} lead to two citations, {one} and {other}; neither is "
            "marked. Look which of the two the notice is about, and correct the identifiers where they are wrong",
        )
    citation = by_id[found.pop()]
    for name, value in given:
        known = getattr(citation, name)
        if known and known != value and leads.get((name, value)) != citation.id:
            return Problem(
                notice.where,
                f"it shares an identifier with {citation.id}, which has the {name.upper()} {known}, not {value}; it is "
                "not marked. One of the two is wrong: correct it where it is",
            )
    return citation


def _marked(citation: Citation, history: Sequence[Notice]) -> tuple[Mark, list[Problem]]:
    now = citation.retraction
    known: list[Notice] = [] if now.state is RetractionState.NONE_FOUND else [_as_notice(citation)]
    notices = _dated([*history, *known])
    standing, open_ = _standing(notices)
    problems: list[Problem] = []
    # Such a notice may be the very one that was taken back.
    keeps = now.state is RetractionState.REINSTATED
    chosen = next(one for one in standing if not (keeps and one in open_))
    if open_:
        state = chosen.state.replace("_", " ").lower()
        problems.append(
            Problem(
                open_[0].where,
                f"nobody knows whether this notice of {citation.id} came before its reinstatement: one of the two has "
                f"no date. It stays {state}; look the two notices up",
                rejected=False,
            )
        )
    # One that was lifted tells of another time.
    same = [one for one in (chosen, *standing) if one.state is chosen.state]
    return Mark(citation, _retraction(now, chosen, same), chosen.where), problems


def _as_notice(citation: Citation) -> Notice:
    now = citation.retraction
    return Notice(
        state=now.state,
        where=citation.id,
        pmid=citation.pmid,
        doi=citation.doi,
        date=now.date,
        notice_pmid=now.notice_pmid,
        notice_doi=now.notice_doi,
        reason=now.reason,
        source_url=now.source_url,
    )


def _dated(notices: Sequence[Notice]) -> list[Notice]:
    """Give a notice without a date that of the same notice read elsewhere."""
    return [
        one if one.date else replace(one, date=next((other.date for other in notices if _same(one, other)), None))
        for one in notices
    ]


def _same(one: Notice, other: Notice) -> bool:
    """Whether the two are one notice, and the other one has a date."""
    shared = (one.notice_pmid and one.notice_pmid == other.notice_pmid) or (
        one.notice_doi and one.notice_doi == other.notice_doi
    )
    return bool(shared and other.date and one.state is other.state)


def _standing(notices: Sequence[Notice]) -> tuple[list[Notice], list[Notice]]:
    """Return what no reinstatement lifts, the one that counts first, and of it what might be lifted."""
    again = [one for one in notices if one.state is RetractionState.REINSTATED]
    left: list[Notice] = []
    open_: list[Notice] = []
    for one in notices:
        if one.state in LIFTED and any(lifts(later.date, one.date) for later in again):
            continue
        left.append(one)
        if one.state in LIFTED and any(not (one.date and later.date) for later in again):
            open_.append(one)
    left.sort(key=lambda one: one.where)
    left.sort(key=lambda one: one.date or "", reverse=True)
    left.sort(key=lambda one: GRAVEST_FIRST.index(one.state))
    return left, open_


def lifts(reinstated: str | None, date: str | None) -> bool:
    """Whether a reinstatement is known to be later than a notice of ``date``. Dates are written year first."""
    return bool(reinstated and date and date < reinstated[: len(date)])


def _retraction(now: Retraction, chosen: Notice, same: Sequence[Notice]) -> Retraction:
    """What the notice says, or the graph where it says the same already, with what others of that state add to it."""
    if now.state is not chosen.state:
        now = Retraction(
            state=chosen.state,
            date=chosen.date,
            notice_doi=chosen.notice_doi,
            notice_pmid=chosen.notice_pmid,
            reason=chosen.reason,
            source_url=chosen.source_url,
        )
    for one in same:
        if any(_differs(getattr(now, name), getattr(one, name)) for name in ("notice_pmid", "notice_doi")):
            continue
        told = {name: getattr(one, name) for name in ("date", "notice_doi", "notice_pmid", "reason")}
        now = now.model_copy(update={name: value for name, value in told.items() if value and not getattr(now, name)})
    return now


def _differs(known: str | None, value: str | None) -> bool:
    return bool(known and value and known != value)
