"""PubMed XML: article sets as E-utilities, PubMed's FTP files and MEDLINE deliver them; plain or gzip.

Records are read one at a time, whatever the size of the file. Element definitions: NLM, "MEDLINE PubMed XML Element
Descriptions and their Attributes" and the DTD pubmed_250101.
"""

from collections.abc import Iterator
from typing import BinaryIO

from loaders.appearance import decoded, root_tag
from schema.parsed import Parsed, Problem

VERSION = "1"

#: Root elements that hold PubMed records; a single record may also stand alone.
ROOTS = frozenset(
    {
        "PubmedArticleSet",
        "PubmedBookArticleSet",
        "MedlineCitationSet",
        "PubmedArticle",
        "PubmedBookArticle",
        "MedlineCitation",
    }
)


def detect(head: bytes, name: str) -> bool:  # noqa: ARG001 (every format is told the name)
    """Tell by the first bytes (unpacked) whether this is PubMed XML; the name does not count."""
    text = decoded(head)
    return text is not None and text.lstrip("\ufeff \t\r\n").startswith("<") and root_tag(text) in ROOTS


def parse(stream: BinaryIO, name: str) -> Iterator[Parsed | Problem]:
    """Yield one Citation per record, or a Problem that says where and what. Never raises on content.

    ``name`` is the file's name as the reader of a problem knows it. A record with an invalid field is yielded without
    that field, with a warning; one without PMID and title is rejected.
    """
    # lxml takes its time to import: only when there is something to parse.
    from loaders.pubmed.records import read

    return read(stream, name)
