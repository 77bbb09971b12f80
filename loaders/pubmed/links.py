"""Links between publications, and what they say about a retraction.

Sources: NLM, "Errata, Retractions, and Other Linked Citations in PubMed"; on partial retractions NLM Tech Bull. 2016
Sep-Oct;(412):e3: PubMed counts them as errata since October 2016.
"""

import re
from collections.abc import Iterable
from typing import Any

from loaders.pubmed.dates import date_in_source
from loaders.pubmed.text import Element, text_of
from schema.terms import CitationLinkKind, RetractionState

_FIELDS = {"RefSource": "source", "PMID": "pmid", "Note": "note"}
_KINDS = {kind.value.replace("_", "").casefold(): kind for kind in CitationLinkKind}
_PARTIAL = {
    "partialretractionin": CitationLinkKind.ERRATUM_IN,
    "partialretractionof": CitationLinkKind.ERRATUM_FOR,
}
_DOI = re.compile(r"\bdoi:\s*(10\.\d{4,9}/\S+)", re.IGNORECASE)

# What a notice says about this record.
_STATES = {
    CitationLinkKind.RETRACTION_IN: RetractionState.RETRACTED,
    CitationLinkKind.RETRACTED_AND_REPUBLISHED_IN: RetractionState.RETRACTED,
    CitationLinkKind.EXPRESSION_OF_CONCERN_IN: RetractionState.EXPRESSION_OF_CONCERN,
    CitationLinkKind.CORRECTED_AND_REPUBLISHED_IN: RetractionState.CORRECTED,
    CitationLinkKind.ERRATUM_IN: RetractionState.CORRECTED,
}
# An erratum never outweighs a retraction.
_GRAVEST_FIRST = (RetractionState.RETRACTED, RetractionState.EXPRESSION_OF_CONCERN, RetractionState.CORRECTED)
_RETRACTED_UI = "D016441"


def links(corrections: Element) -> list[dict[str, Any]]:
    """Return the fields of each link of a CommentsCorrectionsList; an unknown RefType becomes OTHER with its name."""
    found: list[dict[str, Any]] = []
    for correction in corrections:
        fields: dict[str, Any] = {}
        for part in correction:
            if (name := _FIELDS.get(part.tag)) and (text := text_of(part)):
                fields[name] = text
        if not fields:
            continue
        if (source := fields.get("source")) and "10." in source and (doi := _DOI.search(source)):
            fields["doi"] = doi[1]
        name_kind(correction.get("RefType") or "no RefType", fields)
        found.append(fields)
    return found


def name_kind(reference: str, fields: dict[str, Any]) -> None:
    """Set the kind of a link by PubMed's name of it, ``RetractionIn`` (Europe PMC: ``Retraction in``)."""
    folded = reference.casefold().replace(" ", "")
    if kind := _KINDS.get(folded):
        fields["kind"] = kind
    elif kind := _PARTIAL.get(folded):
        fields["kind"] = kind
        fields["note"] = _joined("partial retraction", fields.get("note"))
    else:
        fields["kind"] = CitationLinkKind.OTHER
        fields["note"] = _joined(reference, fields.get("note"))


def references(reference_list: Element, cited: Iterable[str | None]) -> list[dict[str, Any]]:
    """Return a CITES link for each entry of a ReferenceList (where PubMed moved RefType Cites to in 2019).

    ``cited``: PMIDs that are linked already.
    """
    known = set(cited)
    found: list[dict[str, Any]] = []
    for reference in reference_list.iter("Reference"):
        fields: dict[str, Any] = {}
        for part in reference:
            if part.tag == "Citation":
                fields["source"] = text_of(part)
            elif part.tag == "ArticleIdList":
                for identifier in part:
                    kind = identifier.get("IdType")
                    if kind in ("pubmed", "doi"):
                        fields["pmid" if kind == "pubmed" else "doi"] = text_of(identifier)
        if any(fields.values()) and (not fields.get("pmid") or fields["pmid"] not in known):
            found.append({"kind": CitationLinkKind.CITES, **fields})
    return found


def retraction(
    linked: list[dict[str, Any]], types: list[tuple[str, str | None]], url: str | None
) -> dict[str, Any] | None:
    """Return the fields of a Retraction, or None where nothing was found.

    ``types``: (name, MeSH UI) of the publication types. "Retracted Publication" alone is enough: the link to the
    notice may be missing, and old records carry no UI.
    """
    declared = any(ui == _RETRACTED_UI or name.casefold() == "retracted publication" for name, ui in types)
    notices = [link for link in linked if link["kind"] in _STATES]
    states = {_STATES[link["kind"]] for link in notices}
    if declared:
        states.add(RetractionState.RETRACTED)
    state = next((one for one in _GRAVEST_FIRST if one in states), None)
    if state is None:
        return None
    telling = [link for link in notices if _STATES[link["kind"]] is state]
    return {"state": state, "source_url": url, **(_notice(telling) if telling else {})}


def _notice(notices: list[dict[str, Any]]) -> dict[str, Any]:
    """The first notice that can be followed, else the first."""
    notice = next((one for one in notices if one.get("pmid") or one.get("doi")), notices[0])
    return {
        "notice_pmid": notice.get("pmid"),
        "notice_doi": notice.get("doi"),
        "reason": notice.get("note"),
        "date": date_in_source(notice["source"]) if notice.get("source") else None,
    }


def _joined(first: str, second: str | None) -> str:
    return f"{first}: {second}" if second else first
