"""Crossref: works of the REST API, one or a list of them.

Source: the format of ``/works`` at https://github.com/CrossRef/rest-api-doc/blob/master/api_format.md. Updates are told
on both sides: ``update-to`` on the notice, ``updated-by`` on the work that it is about.
"""

from collections.abc import Iterator
from typing import Any, BinaryIO

from loaders.appearance import decoded
from loaders.citation import Fields, parsed, typed
from loaders.csl_json import authors, printed_dates
from loaders.dates import printed_date
from loaders.identifiers import chosen, issns
from loaders.json_values import mapping, mappings, reply, text_of_value, texts
from schema.parsed import Parsed, Problem
from schema.terms import CitationLinkKind, CitationType, RetractionState

VERSION = "1"

_TYPES = {
    **dict.fromkeys(
        ("book", "book-chapter", "book-section", "book-part", "book-set", "edited-book", "monograph", "reference-book",
         "reference-entry"),
        CitationType.BOOK,
    ),
    **dict.fromkeys(("journal-article", "proceedings-article"), CitationType.ARTICLE),
}  # fmt: skip

#: Crossref registers what holds publications too.
_CONTAINERS = {"journal", "journal-issue", "journal-volume", "proceedings", "book-series", "report-series"}

#: What a notice does (as Crossref's types of updates name it), and the link from the work and from the notice.
_UPDATES = {
    "retraction": (CitationLinkKind.RETRACTION_IN, CitationLinkKind.RETRACTION_OF),
    "withdrawal": (CitationLinkKind.RETRACTION_IN, CitationLinkKind.RETRACTION_OF),
    "removal": (CitationLinkKind.RETRACTION_IN, CitationLinkKind.RETRACTION_OF),
    "expression_of_concern": (CitationLinkKind.EXPRESSION_OF_CONCERN_IN, CitationLinkKind.EXPRESSION_OF_CONCERN_FOR),
    **dict.fromkeys(
        ("correction", "corrigendum", "erratum", "partial_retraction"),
        (CitationLinkKind.ERRATUM_IN, CitationLinkKind.ERRATUM_FOR),
    ),
    **dict.fromkeys(("new_version", "new_edition"), (CitationLinkKind.UPDATE_IN, CitationLinkKind.UPDATE_OF)),
    "reinstatement": (CitationLinkKind.OTHER, CitationLinkKind.OTHER),
}
# An addendum, a clarification, or what publishers call it.
_OTHER = (CitationLinkKind.OTHER, CitationLinkKind.OTHER)
_STATES = {
    "retraction": RetractionState.RETRACTED,
    "withdrawal": RetractionState.RETRACTED,
    "removal": RetractionState.REMOVED,
    "expression_of_concern": RetractionState.EXPRESSION_OF_CONCERN,
    "reinstatement": RetractionState.REINSTATED,
    **dict.fromkeys(("correction", "corrigendum", "erratum", "partial_retraction"), RetractionState.CORRECTED),
}
#: A correction never outweighs a retraction.
_GRAVEST_FIRST = (
    RetractionState.REMOVED,
    RetractionState.RETRACTED,
    RetractionState.EXPRESSION_OF_CONCERN,
    RetractionState.REINSTATED,
    RetractionState.CORRECTED,
)


def detect(head: bytes, name: str) -> bool:  # noqa: ARG001 (every format is told the name)
    """Tell by the first bytes (unpacked) whether this is a reply with works."""
    text = (decoded(head) or "").lstrip("\ufeff \t\r\n")
    return text.startswith("{") and '"message-type"' in text and ('"work"' in text or '"work-list"' in text)


def parse(stream: BinaryIO, name: str) -> Iterator[Parsed | Problem]:
    """Yield one Citation per work, or a Problem that says which work and what. Never raises on content."""
    for document in reply(stream, name):
        if isinstance(document, Problem):
            yield document
            continue
        message = mapping(document.get("message"))
        listed = isinstance(message.get("items"), list)
        for number, work in enumerate(mappings(message["items"]) if listed else [message], 1):
            where = f"{name}: work {number}" if listed else name
            yield from _work(work, where)
        if not listed and not message:
            yield Problem(name, "the reply holds no work; ask for it again")


def _work(work: dict[str, Any], where: str) -> Iterator[Parsed | Problem]:
    kind = text_of_value(work.get("type")) or ""
    if kind in _CONTAINERS:
        called = text_of_value(work.get("DOI")) or "it"
        yield Problem(where, f"{called} is a {kind.replace('-', ' ')}, no publication; it is left out")
        return
    warnings: list[str] = []
    yield from parsed(_fields(work, kind, warnings), "Crossref", where, warnings)


def _fields(work: dict[str, Any], kind: str, warnings: list[str]) -> Fields:
    fields: Fields = {"title": _title(work)}
    fields["authors"], fields["authors_complete"] = _authors(work, warnings)
    dates = [text for key in ("published-print", "published", "issued") for text in printed_dates(work.get(key))]
    fields["year"], fields["published"] = printed_date(dates, warnings)
    fields["journal"] = text_of_value(work.get("container-title"))
    fields["journal_abbreviation"] = text_of_value(work.get("short-container-title"))
    for name, key in (("volume", "volume"), ("issue", "issue"), ("pages", "page"), ("language", "language")):
        fields[name] = text_of_value(work.get(key))
    fields["pages"] = fields["pages"] or text_of_value(work.get("article-number"))
    fields["issns"] = issns(texts(work.get("ISSN")), warnings)
    fields["abstract"] = [{"text": text_of_value(work.get("abstract"))}]
    fields["keywords"] = texts(work.get("subject"))
    fields["grants"] = [
        {"agency": text_of_value(one.get("name")), "number": number}
        for one in mappings(work.get("funder"))
        for number in texts(one.get("award")) or [None]
        if text_of_value(one.get("name"))
    ]
    fields["doi"] = chosen("doi", texts(work.get("DOI")), warnings)
    default = _TYPES.get(kind, CitationType.OTHER)
    if kind == "posted-content" and text_of_value(work.get("subtype")) in (None, "preprint"):
        default = CitationType.PREPRINT
    if (fields["doi"] or "").startswith("10.1186/isrctn"):
        default = CitationType.REGISTRATION
    typed([], default, fields)
    _updates(work, fields)
    return fields


def _authors(work: dict[str, Any], warnings: list[str]) -> tuple[list[Fields], bool]:
    """Each with its own ORCID and places: entries without a name are left out between them."""
    found: list[Fields] = []
    complete = True
    for given in mappings(work.get("author")):
        named, here = authors(given, warnings)
        complete = complete and here
        for author in named:
            if orcid := text_of_value(given.get("ORCID")):
                author["orcid"] = orcid
            author["affiliations"] = [
                place for one in mappings(given.get("affiliation")) if (place := text_of_value(one.get("name")))
            ]
            found.append(author)
    return found, complete


def _title(work: dict[str, Any]) -> str | None:
    """The title with its subtitle, which Crossref keeps apart."""
    title, subtitle = text_of_value(work.get("title")), text_of_value(work.get("subtitle"))
    if title and subtitle and subtitle.casefold() not in title.casefold():
        return f"{title.rstrip(' :.')}: {subtitle}"
    return title


def _updates(work: dict[str, Any], fields: Fields) -> None:
    """What notices say about this work, and what this notice says about others."""
    about, updates = mappings(work.get("updated-by")), mappings(work.get("update-to"))
    # A publisher may retract where the article stood: then the work says of itself what became of it.
    itself = [update for update in updates if chosen("doi", texts(update.get("DOI")), []) == fields["doi"]]
    notice_of = [update for update in updates if update not in itself]
    if any(_kind(update) in _UPDATES for update in notice_of):
        fields["type"] = CitationType.NOTICE
    fields["links"] = [
        {"kind": _UPDATES.get(_kind(update), _OTHER)[side], "doi": text_of_value(update["DOI"]), "note": _told(update)}
        for side, others in enumerate((about, notice_of))
        for update in others
        if update.get("DOI")
    ]
    fields["retraction"] = _retraction(about + itself)


def _retraction(about: list[dict[str, Any]]) -> Fields | None:
    notices = [(state, _updated(update), update) for update in about if (state := _STATES.get(_kind(update)))]
    again = max((date for state, date, _ in notices if state is RetractionState.REINSTATED), default="")
    # A retraction is taken back only by a notice that is known to be later (dates are written year first).
    taken_back = {RetractionState.REMOVED, RetractionState.RETRACTED}
    left = [one for one in notices if not (one[0] in taken_back and "" < one[1] < again[: len(one[1])])]
    if not left:
        return None
    state, date, notice = min(left, key=lambda one: _GRAVEST_FIRST.index(one[0]))
    return {
        "state": state,
        "date": date or None,
        "notice_doi": text_of_value(notice.get("DOI")),
        "source_url": "https://doi.org/" + (text_of_value(notice.get("DOI")) or ""),
    }


def _updated(update: dict[str, Any]) -> str:
    """The date of a notice; an empty text where it has none."""
    return printed_date(printed_dates(update.get("updated")), [])[1] or ""


def _kind(update: dict[str, Any]) -> str:
    return (text_of_value(update.get("type")) or "").casefold().replace("-", "_").replace(" ", "_")


def _told(update: dict[str, Any]) -> str | None:
    return text_of_value(update.get("label")) or text_of_value(update.get("type"))
