"""Citation: one published report."""

import unicodedata
from hashlib import sha256
from typing import Annotated, ClassVar

from pydantic import Field, model_validator

from schema.ids import Doi, Orcid, Pmcid, Pmid, RegistryNumber, Slug, curie_to_iri, slug
from schema.record import Part, Record, Ref
from schema.terms import CitationLinkKind, CitationType, RetractionState, VerificationState

#: A date as far as it is known: ``2020``, ``2020-07`` or ``2020-07-28``.
PartialDate = Annotated[str, Field(pattern=r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$")]


class Author(Part):
    """A person (``family`` and what is known of the given names) or a group (``collective``)."""

    family: str | None = None
    given: str | None = None
    initials: str | None = None
    suffix: str | None = None
    collective: str | None = None
    orcid: Orcid | None = None
    affiliations: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _named(self) -> "Author":
        if not self.family and not self.collective:
            raise ValueError("an author needs a family name or the name of a group")
        return self

    @property
    def name(self) -> str:
        """The name as PubMed prints it: ``Kapural L``."""
        return self.collective or " ".join(part for part in (self.family, self.initials or self.given) if part)


class AbstractSection(Part):
    """A part of an abstract, with its heading where it has one."""

    label: str | None = None
    text: str


class MeshHeading(Part):
    """A MeSH descriptor of the work, with its qualifiers."""

    descriptor: str
    ui: str | None = None
    major: bool = False
    qualifiers: tuple[str, ...] = ()


class Grant(Part):
    """Who paid, under which number."""

    number: str | None = None
    agency: str | None = None
    country: str | None = None


class CitationLink(Part):
    """A link of this work to another one: comment, correction, retraction (PubMed CommentsCorrections)."""

    kind: CitationLinkKind
    #: The other work as printed.
    source: str | None = None
    pmid: Pmid | None = None
    doi: Doi | None = None
    note: str | None = None


class Retraction(Part):
    """What became of the work: the state, the notice that says so, and where that was read."""

    state: RetractionState
    date: PartialDate | None = None
    notice_doi: Doi | None = None
    notice_pmid: Pmid | None = None
    reason: str | None = None
    source_url: str | None = None


class Citation(Record):
    """One published report: bibliography, identifiers, retraction and verification.

    Its id is made from the best identifier known when it first came: ``pmid:26218762``, ``doi:10.1000/abc``, else a
    local one, ``local:dallarihip``. It stays when better identifiers become known; those are unique in the graph.
    """

    label: ClassVar[str] = "Citation"

    id: str = Field(pattern=r"^(pmid:\d+|pmcid:PMC\d+|doi:10\.\S+|nct:NCT\d{8}|local:[a-z0-9-]+)$")
    title: str | None
    type: CitationType = CitationType.ARTICLE
    publication_types: tuple[str, ...] = ()
    authors: tuple[Author, ...] = ()
    #: False where only some authors were read (often the first one alone).
    authors_complete: bool = True
    #: The year in print. Null is unknown.
    year: int | None = Field(default=None, ge=1500, le=2100)
    published: PartialDate | None = None
    journal: str | None = None
    journal_abbreviation: str | None = None
    issns: tuple[str, ...] = ()
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    pmid: Pmid | None = None
    doi: Doi | None = None
    pmcid: Pmcid | None = None
    registry_numbers: tuple[RegistryNumber, ...] = ()
    language: str | None = None
    abstract: tuple[AbstractSection, ...] = ()
    mesh: tuple[MeshHeading, ...] = ()
    keywords: tuple[str, ...] = ()
    grants: tuple[Grant, ...] = ()
    links: tuple[CitationLink, ...] = ()
    retraction: Retraction = Retraction(state=RetractionState.NONE_FOUND)
    verification: VerificationState = VerificationState.PENDING
    #: What is missing or was found, in words an editor can act on.
    verification_note: str | None = None
    #: What the work is about, for citations whose content is not (yet) read into findings.
    about_therapies: tuple[Annotated[Slug, Ref("Therapy", "ABOUT")], ...] = ()
    about_conditions: tuple[Annotated[Slug, Ref("Condition", "ABOUT")], ...] = ()
    source_url: str | None = None
    #: Names of fields that the reader looked for and could not read.
    not_read: tuple[str, ...] = ()
    #: Day the record was last revised at its source.
    revised: PartialDate | None = None
    note: str | None = None

    @property
    def retracted(self) -> bool:
        """Whether the work carries no weight any more."""
        return self.retraction.state in (RetractionState.RETRACTED, RetractionState.REMOVED)

    @property
    def url(self) -> str | None:
        """Where to read it: by its DOI, else at PubMed or PubMed Central."""
        for prefix, value in (("DOI", self.doi), ("PMID", self.pmid), ("PMCID", self.pmcid)):
            if value is not None:
                return curie_to_iri(f"{prefix}:{value}")
        return None


def citation_id(
    *,
    pmid: str | None = None,
    doi: str | None = None,
    pmcid: str | None = None,
    nct: str | None = None,
    local: str | None = None,
) -> str:
    """Return the id made from the best identifier given; all must be normalised. Raises ValueError when none is."""
    if pmid:
        return f"pmid:{pmid}"
    for prefix, value in (("doi", doi), ("pmcid", pmcid), ("nct", nct), ("local", local)):
        if value:
            return f"{prefix}:{value}"
    raise ValueError("a citation needs an identifier, or a local id")


def local_key(
    title: str,
    *,
    year: int | None = None,
    author: str | None = None,
    journal: str | None = None,
    pages: str | None = None,
) -> str:
    """Return the local part of an id for a work without identifiers: ``shannon-1948-a-mathematical-3f2a9c0d11``.

    ``author`` is the first one's family name (or the group's). It is made of what is printed, so that the same record
    finds itself when it is loaded again; case, accents, blanks and punctuation do not count, in any script.
    """
    lead = "-".join(filter(None, (slug(author or "")[:20], str(year or ""), _beginning(title))))
    digest = sha256()
    for number, part in enumerate((title, year, author, journal, pages)):
        if number:
            digest.update(b"|")
        printed = str(part or "")
        # A title may be a file that lost its line breaks.
        for start in range(0, len(printed), _PIECE):
            digest.update(_letters(printed[start : start + _PIECE]))
    # Each part is one; where it was cut there may be a hyphen already.
    return f"{lead}-{digest.hexdigest()[:12]}".replace("--", "-").strip("-")


_PIECE = 1_000_000


def _beginning(title: str) -> str:
    """Return the first 30 characters of the title's slug."""
    first = slug(title[:100])
    # What is left of the part may be too short, where letters of other scripts stand first.
    return (first if len(first) > 30 else slug(title))[:30]


def _letters(text: str) -> bytes:
    """Return the letters and digits that are left of each character by itself, so that a text may come in pieces."""
    if text.isascii():
        return text.lower().encode().translate(None, _NO_LETTERS)
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join([letter for letter in plain if letter.isalnum()]).encode("utf-8", errors="replace")


# Of ASCII.
_NO_LETTERS = bytes(code for code in range(128) if not chr(code).isalnum())
