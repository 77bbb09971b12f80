"""An article or book record: from its element to the fields of a Citation, not yet validated."""

from collections.abc import Callable
from typing import Any

from loaders.pubmed.dates import publication_date
from loaders.pubmed.kinds import citation_type
from loaders.pubmed.links import links, references
from loaders.pubmed.people import authors, grants
from loaders.pubmed.text import Element, text_of
from schema.terms import CitationType

Fields = dict[str, Any]
#: (name, MeSH UI) of the publication types.
Types = list[tuple[str, str | None]]

# What PubMed prints where a record has no English title (yet).
_NO_TITLE = frozenset({"[not available].", "[not available]", "[in process citation]", "not available", "[no title]"})
_NO_LABEL = frozenset({"UNASSIGNED", "UNLABELLED"})

# Trial registries as DataBankName spells them, folded. Other data banks (PDB, GEO, figshare …) hold no trials.
_REGISTRIES = frozenset(
    {
        "clinicaltrials.gov", "isrctn", "eudract", "euctr", "ctis", "drks", "anzctr", "chictr", "ctri", "cris", "irct",
        "japiccti", "jma", "jmacct", "jprn", "jrct", "umin ctr", "umin-ctr", "umin", "lbctr", "ntr", "pactr", "phrr",
        "rebec", "rpcec", "slctr", "tctr", "prospero",
    }
)  # fmt: skip


def article_fields(record: Element, warnings: list[str]) -> tuple[Fields, Types]:
    """Return the fields of a PubmedArticle or MedlineCitation."""
    fields: Fields = {}
    types: Types = []
    for part in [record] if record.tag == "MedlineCitation" else record:
        if part.tag == "MedlineCitation":
            _medline_citation(part, fields, types, warnings)
        elif part.tag == "PubmedData":
            _pubmed_data(part, fields)
    fields["type"] = citation_type(types)
    return fields, types


def book_fields(record: Element, warnings: list[str]) -> tuple[Fields, Types]:
    """Return the fields of a PubmedBookArticle: a book, or a chapter whose ``journal`` is the book."""
    fields: Fields = {"type": CitationType.BOOK}
    types: Types = []
    for part in record:
        if part.tag == "BookDocument":
            _article(part, fields, types, warnings)
            book = next((child for child in part if child.tag == "Book"), None)
            if book is not None:
                _book(book, fields, warnings)
            _identifiers(part, fields)
        elif part.tag == "PubmedBookData":
            _pubmed_data(part, fields)
    return fields, types


def _medline_citation(citation: Element, fields: Fields, types: Types, warnings: list[str]) -> None:
    keywords: list[str] = []
    for part in citation:
        tag = part.tag
        if tag == "PMID":
            _pmid(part, fields)
        elif tag == "Article":
            _article(part, fields, types, warnings)
        elif tag == "MeshHeadingList":
            fields["mesh"] = _mesh(part)
        elif tag == "KeywordList":
            keywords += [text for keyword in part if (text := text_of(keyword))]
        elif tag == "CommentsCorrectionsList":
            fields["links"] = links(part)
        elif tag == "MedlineJournalInfo":
            _journal_info(part, fields)
        elif tag == "DateRevised":
            fields["revised"] = publication_date(part, warnings)[1]
        elif tag == "OtherID" and part.get("Source") == "NLM" and (text := text_of(part)) and text.startswith("PMC"):
            # Before 2019 the PMCID stood here: ``PMC4688250 [Available on 12/22/16]``.
            fields.setdefault("pmcid", text.split()[0])
    if keywords:
        fields["keywords"] = list(dict.fromkeys(keywords))


def _pmid(part: Element, fields: Fields) -> None:
    fields["pmid"] = text_of(part)
    version = part.get("Version")
    if version and version != "1":
        fields["note"] = f"version {version} of the PubMed record"


def _article(article: Element, fields: Fields, types: Types, warnings: list[str]) -> None:
    """Read an Article, or the parts that a BookDocument shares with it."""
    languages: list[str] = []
    for part in article:
        tag = part.tag
        if tag in _TEXTS:
            fields[_TEXTS[tag]] = text_of(part)
        elif tag in _PARTS:
            name, reader = _PARTS[tag]
            fields[name] = reader(part)
        elif tag == "Journal":
            _journal(part, fields, warnings)
        elif tag == "ELocationID" and part.get("EIdType") == "doi" and part.get("ValidYN") != "N":
            fields.setdefault("doi", text_of(part))
        elif tag == "AuthorList" and part.get("Type") != "editors":
            fields["authors"] = authors(part, warnings)
            fields["authors_complete"] = part.get("CompleteYN") != "N"
        elif tag == "Language":
            languages.append((text_of(part) or "").lower())
        elif tag in ("PublicationTypeList", "PublicationType"):
            kinds = part if tag == "PublicationTypeList" else [part]
            types += [(text, kind.get("UI")) for kind in kinds if (text := text_of(kind))]
        elif tag == "PMID":
            _pmid(part, fields)
        elif tag == "KeywordList":
            more = [text for keyword in part if (text := text_of(keyword))]
            fields["keywords"] = list(dict.fromkeys([*fields.get("keywords", ()), *more]))
    fields["language"] = ", ".join(filter(None, languages)) or None
    fields["publication_types"] = list(dict.fromkeys(name for name, _ in types))
    _first_affiliation(fields)
    _title(fields)


def _first_affiliation(fields: Fields) -> None:
    """Until 2013 an article had one affiliation, its first author's."""
    place = fields.pop("affiliation", None)
    if place and fields.get("authors"):
        fields["authors"][0].setdefault("affiliations", [place])


def _title(fields: Fields) -> None:
    vernacular = fields.pop("vernacular", None)
    title = fields.get("title")
    if not title or title.casefold() in _NO_TITLE:
        fields["title"] = vernacular


def _journal(journal: Element, fields: Fields, warnings: list[str]) -> None:
    for part in journal:
        tag = part.tag
        if tag == "ISSN":
            fields["issns"] = [text_of(part)]
        elif tag == "Title":
            fields["journal"] = text_of(part)
        elif tag == "ISOAbbreviation":
            fields["journal_abbreviation"] = text_of(part)
        elif tag == "JournalIssue":
            for detail in part:
                if detail.tag == "Volume":
                    fields["volume"] = text_of(detail)
                elif detail.tag == "Issue":
                    fields["issue"] = text_of(detail)
                elif detail.tag == "PubDate":
                    fields["year"], fields["published"] = publication_date(detail, warnings)


def _journal_info(info: Element, fields: Fields) -> None:
    for part in info:
        if part.tag == "ISSNLinking" and (issn := text_of(part)):
            fields["issns"] = list(dict.fromkeys([*fields.get("issns", ()), issn]))
        elif part.tag == "MedlineTA" and not fields.get("journal_abbreviation"):
            fields["journal_abbreviation"] = text_of(part)


def _book(book: Element, fields: Fields, warnings: list[str]) -> None:
    for part in book:
        tag = part.tag
        if tag == "BookTitle":
            title = text_of(part)
            fields["journal" if fields.get("title") else "title"] = title
        elif tag == "PubDate":
            fields["year"], fields["published"] = publication_date(part, warnings)
        elif tag == "Volume":
            fields["volume"] = text_of(part)
        elif tag == "AuthorList" and part.get("Type") != "editors" and not fields.get("authors"):
            fields["authors"] = authors(part, warnings)
            fields["authors_complete"] = part.get("CompleteYN") != "N"
        elif tag == "ELocationID" and part.get("EIdType") == "doi" and part.get("ValidYN") != "N":
            fields.setdefault("doi", text_of(part))


def _pubmed_data(data: Element, fields: Fields) -> None:
    """Identifiers by child path only: the references below carry identifiers too."""
    _identifiers(data, fields)
    for part in data:
        if part.tag == "ReferenceList":
            linked = fields.setdefault("links", [])
            linked += references(part, (link.get("pmid") for link in linked))


def _identifiers(parent: Element, fields: Fields) -> None:
    for part in parent:
        if part.tag == "ArticleIdList":
            for identifier in part:
                kind = identifier.get("IdType")
                if kind == "doi" and (text := text_of(identifier)):
                    fields["doi"] = text
                elif kind == "pmc" and (text := text_of(identifier)):
                    fields["pmcid"] = text
                elif kind == "pubmed" and not fields.get("pmid"):
                    fields["pmid"] = text_of(identifier)


def _pages(pagination: Element) -> str | None:
    parts: dict[str, str | None] = {}
    for part in pagination:
        parts[part.tag] = text = text_of(part)
        if text and part.tag == "MedlinePgn":
            return text
    return "-".join(filter(None, (parts.get("StartPage"), parts.get("EndPage")))) or None


def _abstract(abstract: Element) -> list[Fields]:
    sections: list[Fields] = []
    for part in abstract:
        if part.tag == "AbstractText" and (text := text_of(part)):
            label = part.get("Label") or part.get("NlmCategory")
            sections.append({"label": None if label in _NO_LABEL else label, "text": text})
    return sections


def _mesh(headings: Element) -> list[Fields]:
    found: list[Fields] = []
    for heading in headings:
        fields: Fields = {}
        qualifiers: list[str] = []
        for part in heading:
            if part.tag == "DescriptorName":
                fields["descriptor"] = text_of(part)
                if ui := part.get("UI"):
                    fields["ui"] = ui
            elif part.tag == "QualifierName" and (text := text_of(part)):
                qualifiers.append(text)
            # A heading is a main topic if the descriptor or any of its qualifiers is.
            if part.get("MajorTopicYN") == "Y":
                fields["major"] = True
        if fields.get("descriptor"):
            if qualifiers:
                fields["qualifiers"] = qualifiers
            found.append(fields)
    return found


def _registry_numbers(banks: Element) -> list[str]:
    numbers: list[str] = []
    for bank in banks:
        name, here = None, list[str]()
        for part in bank:
            if part.tag == "DataBankName":
                name = text_of(part)
            elif part.tag == "AccessionNumberList":
                here += [text for number in part if (text := text_of(number))]
        if name and name.casefold() in _REGISTRIES:
            numbers += here
    return list(dict.fromkeys(numbers))


# Parts of an article that are one text, and those that one function reads.
_TEXTS = {"ArticleTitle": "title", "VernacularTitle": "vernacular", "Affiliation": "affiliation"}
_PARTS: dict[str, tuple[str, Callable[[Element], Any]]] = {
    "Pagination": ("pages", _pages),
    "Abstract": ("abstract", _abstract),
    "DataBankList": ("registry_numbers", _registry_numbers),
    "GrantList": ("grants", grants),
    "ReferenceList": ("links", lambda part: references(part, ())),
}
