"""Registry: the formats that can be read, told by content. A new source is a module and a line here."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from loaders import (
    bibtex,
    clinicaltrials,
    cpic,
    crossref,
    csl_json,
    endnote_xml,
    europe_pmc,
    medline,
    mesh,
    mesh_rdf,
    obo,
    pubmed,
    retraction_watch,
    ris,
    seeds,
    sssom,
    synergy,
    table,
    wos,
)
from loaders.appearance import appearance
from schema.parsed import Parsed, Problem


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its short name, its title for people, the version of its loader, and how it is told and read."""

    name: str
    title: str
    version: str
    detect: Callable[[bytes, str], bool]
    parse: Callable[[BinaryIO, str], Iterator[Parsed | Problem]]
    #: Whether records refer across files, so that all files of a load are needed before the first can be judged.
    whole: bool = False


FORMATS: tuple[Format, ...] = (
    Format("pubmed", "PubMed XML", pubmed.VERSION, pubmed.detect, pubmed.parse),
    Format("seeds", "seed YAML", seeds.VERSION, seeds.detect, seeds.parse, whole=True),
    Format("endnote-xml", "EndNote XML", endnote_xml.VERSION, endnote_xml.detect, endnote_xml.parse),
    Format("crossref", "Crossref JSON", crossref.VERSION, crossref.detect, crossref.parse),
    Format("europe-pmc", "Europe PMC JSON", europe_pmc.VERSION, europe_pmc.detect, europe_pmc.parse),
    Format(
        "clinicaltrials",
        "ClinicalTrials.gov JSON",
        clinicaltrials.VERSION,
        clinicaltrials.detect,
        clinicaltrials.parse,
        whole=True,
    ),
    Format("obo", "an ontology in OBO format", obo.VERSION, obo.detect, obo.parse, whole=True),
    Format("sssom", "mappings of terms (SSSOM)", sssom.VERSION, sssom.detect, sssom.parse),
    Format("mesh", "MeSH descriptors as XML", mesh.VERSION, mesh.detect, mesh.parse),
    Format("mesh-rdf", "MeSH descriptors as RDF", mesh_rdf.VERSION, mesh_rdf.detect, mesh_rdf.parse),
    Format("cpic", "CPIC gene-drug pairs (CSV, JSON)", cpic.VERSION, cpic.detect, cpic.parse, whole=True),
    Format(
        "synergy",
        "a list of what a review included (SYNERGY)",
        synergy.VERSION,
        synergy.detect,
        synergy.parse,
        whole=True,
    ),
    Format(
        "retraction-watch",
        "Retraction Watch's table (with kb retractions)",
        retraction_watch.VERSION,
        retraction_watch.detect,
        retraction_watch.not_citations,
    ),
    Format("csl-json", "CSL JSON", csl_json.VERSION, csl_json.detect, csl_json.parse),
    # RIS, MEDLINE and Web of Science begin alike; a table may begin with anything.
    Format("medline", "MEDLINE text (.nbib)", medline.VERSION, medline.detect, medline.parse),
    Format("wos", "Web of Science text", wos.VERSION, wos.detect, wos.parse),
    Format("ris", "RIS", ris.VERSION, ris.detect, ris.parse),
    Format("bibtex", "BibTeX", bibtex.VERSION, bibtex.detect, bibtex.parse),
    Format("table", "a table of citations (CSV, TSV)", table.VERSION, table.detect, table.parse),
)


def detect_format(head: bytes, name: str) -> Format | None:
    """Return the format of a source by its first bytes (unpacked), or None."""
    return next((form for form in FORMATS if form.detect(head, name)), None)


def unknown_format(head: bytes, *, known: bool = True) -> str:
    """Return what to tell the person who handed in something that no loader reads: what it is, and what to do.

    ``known``: with the formats that can be read.
    """
    looks = appearance(head)
    if looks.startswith(("empty", "nothing but")):
        return f"is {looks}: there is nothing in it to load; save the export again"
    # What the first bytes look like begins with these words.
    advice = next((advice for seen, advice in _ADVICE if re.match(seen, looks)), _columns_named(head, looks))
    formats = f"; what can: {', '.join(form.title for form in FORMATS)}" if known else ""
    return f"looks like {looks}, which cannot be loaded{f' ({advice})' if advice else ''}{formats}"


def _columns_named(head: bytes, looks: str) -> str | None:
    """What to do about a table whose headings say too little."""
    columns = table.columns_of(head) if looks.startswith("text") else []
    if len(columns) < 2:
        return None
    if any(field in ("pmid", "pmcid", "doi") for _, field in columns):
        return "to fetch the articles that its columns name, give it to --ids"
    heading = columns[0][0].strip()
    return f"if it is a table of citations, name its columns in a first line, or so: --column {heading[:40]!r}=title"


#: How the appearance of what is no format begins -> how to come by one that is.
_ADVICE = (
    ("XML with the root <(?:rdf:RDF|Ontology|owl:)", "of an ontology in OWL, get its OBO file"),
    ("RDF", "of an ontology, get its OBO file; of MeSH, its descriptors"),
    ("XML with the root <eSearchResult>", "it holds numbers alone: put them into a file, one a line, for --ids"),
    ("XML with the root <e(?:Summary|Link)Result>", "ask EFetch for the records, or give their PMIDs"),
    ("XML with the root <(?:pmc-articleset|article)>", "for the record of an article give its PMCID or DOI"),
    ("a zip archive", "of a spreadsheet, save the sheet as CSV"),
    ("an HTML page", "save the export of the source, not the page that shows it"),
    ("EndNote's tagged", "save the references as RIS or as EndNote XML instead"),
    ("a PDF", "give the DOI or PMID of the article"),
)
