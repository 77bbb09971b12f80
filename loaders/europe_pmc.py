"""Europe PMC: replies of its search, short (lite) and full (core).

Source: the Articles RESTful API, https://europepmc.org/RestfulWebService. Its records of PubMed carry the PMID, so they
join what came from PubMed.
"""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from loaders.appearance import decoded
from loaders.citation import Fields, parsed, typed
from loaders.dates import printed_date
from loaders.identifiers import chosen, issns
from loaders.json_values import mapping, mappings, reply, text_of_value, texts
from loaders.people import authors, person
from loaders.pubmed.links import name_kind
from schema.parsed import Parsed, Problem
from schema.terms import CitationType

VERSION = "1"


def detect(head: bytes, name: str) -> bool:  # noqa: ARG001 (every format is told the name)
    """Tell by the first bytes (unpacked) whether this is a reply of the search."""
    text = (decoded(head) or "").lstrip("\ufeff \t\r\n")
    return text.startswith("{") and '"hitCount"' in text and '"resultList"' in text


def parse(stream: BinaryIO, name: str) -> Iterator[Parsed | Problem]:
    """Yield one Citation per result, or a Problem that says which result and what. Never raises on content."""
    for document in reply(stream, name):
        if isinstance(document, Problem):
            yield document
            continue
        results = mappings(mapping(document.get("resultList")).get("result"))
        if not results:
            asked = text_of_value(mapping(document.get("request")).get("queryString")) or "the query"
            yield Problem(name, f"Europe PMC found nothing for {asked!r}; check the identifier or the words")
        for number, result in enumerate(results, 1):
            warnings: list[str] = []
            yield from parsed(_fields(result, warnings), "Europe PMC", f"{name}: result {number}", warnings)


def _fields(result: dict[str, Any], warnings: list[str]) -> Fields:
    info = mapping(result.get("journalInfo"))
    journal = mapping(info.get("journal"))
    fields: Fields = {"title": text_of_value(result.get("title"))}
    fields["authors"], fields["authors_complete"] = _authors(result)
    # Its dates in numbers have a first day that nobody printed: "2025-12-01" for December 2025.
    dates = [text for one in (info.get("dateOfPublication"), result.get("pubYear")) if (text := text_of_value(one))]
    fields["year"], fields["published"] = printed_date(dates, warnings)
    book = mapping(result.get("bookOrReportDetails"))
    fields["journal"] = text_of_value(journal.get("title")) or text_of_value(result.get("journalTitle"))
    fields["journal_abbreviation"] = text_of_value(journal.get("isoabbreviation")) or text_of_value(
        journal.get("medlineAbbreviation")
    )
    fields["volume"] = text_of_value(info.get("volume")) or text_of_value(result.get("journalVolume"))
    fields["issue"] = text_of_value(info.get("issue")) or text_of_value(result.get("issue"))
    fields["pages"] = text_of_value(result.get("pageInfo"))
    fields["language"] = text_of_value(result.get("language"))
    printed = [text_of_value(journal.get(key)) for key in ("issn", "essn")]
    listed = (text_of_value(result.get("journalIssn")) or "").split(";")
    fields["issns"] = issns(filter(None, map(str.strip, [*filter(None, printed), *listed])), warnings)
    fields["abstract"] = [{"text": text_of_value(result.get("abstractText"))}]
    fields["keywords"] = texts(mapping(result.get("keywordList")).get("keyword"))
    fields["grants"] = [
        {"number": text_of_value(one.get("grantId")), "agency": text_of_value(one.get("agency"))}
        for one in mappings(mapping(result.get("grantsList")).get("grant"))
        if text_of_value(one.get("grantId")) or text_of_value(one.get("agency"))
    ]
    for kind in ("pmid", "pmcid", "doi"):
        fields[kind] = chosen(kind, texts(result.get(kind)), warnings)
    types = texts(mapping(result.get("pubTypeList")).get("pubType"))
    types += [name for name in re.split(r"\s*;\s*", text_of_value(result.get("pubType")) or "") if name]
    preprint = text_of_value(result.get("source")) == "PPR"
    default = CitationType.PREPRINT if preprint else CitationType.BOOK if book else CitationType.ARTICLE
    typed(types, default, fields)
    fields["links"] = list(_links(result))
    return fields


def _authors(result: dict[str, Any]) -> tuple[list[Fields], bool]:
    found: list[Fields] = []
    for one in mappings(mapping(result.get("authorList")).get("author")):
        if group := text_of_value(one.get("collectiveName")):
            found.append({"collective": group})
        elif family := text_of_value(one.get("lastName")):
            places = mappings(mapping(one.get("authorAffiliationDetailsList")).get("authorAffiliation"))
            identifier = mapping(one.get("authorId"))
            orcid = text_of_value(identifier.get("value")) if identifier.get("type") == "ORCID" else None
            found.append(
                {
                    "family": family,
                    "given": text_of_value(one.get("firstName")),
                    "initials": text_of_value(one.get("initials")),
                    "orcid": orcid,
                    "affiliations": [text for place in places if (text := text_of_value(place.get("affiliation")))],
                }
            )
        elif fields := person(text_of_value(one.get("fullName")) or text_of_value(one.get("firstName")) or ""):
            found.append(fields)
    if found:
        return found, True
    return authors(
        name for name in re.split(r",\s*", (text_of_value(result.get("authorString")) or "").rstrip(".")) if name
    )


def _links(result: dict[str, Any]) -> Iterator[Fields]:
    for one in mappings(mapping(result.get("commentCorrectionList")).get("commentCorrection")):
        source = text_of_value(one.get("reference"))
        if source or one.get("id"):
            pmid = text_of_value(one.get("id")) if one.get("source") == "MED" else None
            fields: Fields = {"source": source, "pmid": pmid, "note": text_of_value(one.get("note"))}
            name_kind(text_of_value(one.get("type")) or "no type", fields)
            yield fields
