"""People: the authors of a record, and who paid."""

from typing import Any

from loaders.pubmed.text import Element, text_of

_NAME = {
    "LastName": "family",
    "ForeName": "given",
    "FirstName": "given",
    "Initials": "initials",
    "Suffix": "suffix",
    "CollectiveName": "collective",
}
_GRANT = {"GrantID": "number", "Agency": "agency", "Country": "country"}


def authors(author_list: Element, warnings: list[str]) -> list[dict[str, Any]]:
    """Return the fields of each author of an AuthorList, in order.

    A name that NLM marks as invalid (``ValidYN="N"``) stands beside its corrected form and is left out.
    """
    found: list[dict[str, Any]] = []
    for author in author_list:
        if author.tag != "Author" or author.get("ValidYN") == "N":
            continue
        fields: dict[str, Any] = {}
        affiliations: list[str] = []
        for part in author:
            tag = part.tag
            if tag in _NAME:
                if text := text_of(part):
                    fields[_NAME[tag]] = text
            elif tag == "AffiliationInfo":
                affiliations += [text for place in part if place.tag == "Affiliation" and (text := text_of(place))]
            elif tag == "Identifier" and part.get("Source") == "ORCID":
                fields["orcid"] = text_of(part)
            elif tag == "Affiliation" and (text := text_of(part)):
                affiliations.append(text)
        if affiliations:
            fields["affiliations"] = affiliations
        if fields.get("family") or fields.get("collective"):
            found.append(fields)
        elif given := fields.get("given"):
            warnings.append(f"the author {given!r} has no family name; the name is kept as one")
            found.append({**fields, "family": given, "given": None})
        else:
            warnings.append("an author without a name is left out")
    return found


def grants(grant_list: Element) -> list[dict[str, str | None]]:
    """Return the fields of each grant of a GrantList that names a number or an agency."""
    found: list[dict[str, str | None]] = []
    for grant in grant_list:
        fields = {_GRANT[part.tag]: text_of(part) for part in grant if part.tag in _GRANT}
        if fields.get("number") or fields.get("agency"):
            found.append(fields)
    return found
