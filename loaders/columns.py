"""Columns: the headings that tables of citations have, folded, and the field that each holds."""

from schema.terms import CitationType

_SYNONYMS = {
    "title": "title, primary title, article title, ti, t1, document title",
    "vernacular": "original title, translated title, short title",
    "authors": "authors, author, author names, author(s), au, first authors, author name, creators",
    "full_authors": "author full names, af",
    "first_author": "first author, lead author",
    "year": "year, publication year, py, pub year, year of publication, published year, date of publication year",
    "date": "date, publication date, pub date, date of publication, published, pd",
    "journal": "journal, journal/book, source title, publication title, journal name, so, secondary title, jf, "
    "journal title, alternate title3, t2, container title, book title",
    "journal_abbreviation": "abbreviated source title, journal abbreviation, journal iso abbreviation, ji, j2, "
    "alternate title1",
    "source": "source, citation, reference",
    "volume": "volume, vl, vol",
    "issue": "issue, issue number, is, number",
    "pages": "pages, page numbers, page range, pagination",
    "start_page": "start page, page start, bp, sp",
    "end_page": "end page, page end, ep",
    "article": "article number, art. no., ar",
    "issn": "issn, sn, eissn, ei, issns",
    "language": "language, la, language of original document",
    "abstract": "abstract, ab, abstract note, abstracts, notes abstract, n2",
    "keywords": "keywords, author keywords, de, kw, manual tags, index keywords, keyword",
    "doi": "doi, di, do, doi link, digital object identifier",
    "pmid": "pmid, pm, pubmed id, pubmedid, medline pmid",
    "pmcid": "pmcid, pmc id, pmc",
    "url": "url, link, urls, doi url, open url link, ur, full record url",
    "note": "extra",
    "type": "document type, type, type of reference, item type, publication type, dt, type of work",
}

_FOLDED = str.maketrans("", "", " /.()_-")
#: Folded heading -> field.
COLUMNS: dict[str, str] = {
    heading.strip().translate(_FOLDED): field
    for field, headings in _SYNONYMS.items()
    for heading in headings.split(",")
}

#: The fields that a column can be read as.
FIELDS: tuple[str, ...] = tuple(_SYNONYMS)

#: Folded type of a program that is no publication type -> our type.
TYPES: dict[str, CitationType] = {
    **dict.fromkeys(("jour", "ejour", "journalarticle", "journal", "article"), CitationType.ARTICLE),
    **dict.fromkeys(("book", "chap", "booksection", "bookchapter", "ebook"), CitationType.BOOK),
    **dict.fromkeys(("preprint",), CitationType.PREPRINT),
    **dict.fromkeys(("abst",), CitationType.ABSTRACT),
    **dict.fromkeys(
        ("gen", "thes", "thesis", "rprt", "report", "webpage", "conf", "conferencepaper"), CitationType.OTHER
    ),
}
