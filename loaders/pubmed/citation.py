"""From fields to a validated Citation; what the schema refuses is left out and told."""

from loaders.citation import Unreadable, own_id, validated
from loaders.pubmed.article import Fields, article_fields, book_fields
from loaders.pubmed.links import retraction
from loaders.pubmed.text import Element
from schema.citation import Citation
from schema.ids import PREFIXES, BadIdentifier, normalise_doi, normalise_pmcid, normalise_pmid
from schema.terms import VerificationState

_NORMALISE = {"pmid": normalise_pmid, "doi": normalise_doi, "pmcid": normalise_pmcid}


def citation(record: Element, official: bool, warnings: list[str]) -> Citation:
    """Return the Citation of a PubmedArticle, MedlineCitation or PubmedBookArticle.

    ``official``: the document names NLM's own document type. ``warnings`` grows by what was left out.
    Raises :class:`Unreadable` for a record without PMID and title.
    """
    read = book_fields if record.tag == "PubmedBookArticle" else article_fields
    fields, types = read(record, warnings)
    _normalise(fields, warnings)
    pmid, title = fields.get("pmid"), fields.get("title")
    if not pmid and not title:
        raise Unreadable("a record without PMID and title is left out; look whether the file was changed by hand")
    fields["title"] = title
    url = f"{PREFIXES['PMID'][1]}{pmid}/" if pmid else None
    fields["id"] = own_id(fields)
    fields["source_url"] = url
    if found := retraction(fields.get("links", []), types, url):
        fields["retraction"] = found
    _verification(fields, official)
    return validated(fields, warnings)


def _normalise(fields: Fields, warnings: list[str]) -> None:
    """The identifiers that the record's id is made from come first; the schema normalises the others."""
    for name, normalise in _NORMALISE.items():
        text = fields.get(name)
        if text is None:
            continue
        try:
            fields[name] = normalise(text)
        except BadIdentifier as error:
            warnings.append(f"{name} is left out: {error}")
            fields[name] = None


def _verification(fields: Fields, official: bool) -> None:
    if official and fields.get("pmid"):
        fields["verification"] = VerificationState.VERIFIED
        fields["verification_note"] = "as exported by PubMed"
    elif not fields.get("pmid"):
        fields["verification_note"] = "in PubMed's format, but without a PMID"
    else:
        fields["verification_note"] = "in PubMed's format, but the file does not name PubMed's document type"
