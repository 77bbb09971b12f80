"""Identifiers: normalise and validate what people type, and turn CURIEs into IRIs and back.

One work has one DOI however it is spelled: ``https://doi.org/10.1000/ABC``, ``doi:10.1000/abc`` and
``10.1000/abc`` are the same. Every ``normalise_*`` returns the canonical text or raises
:class:`BadIdentifier`, which says what is wrong and what a good one looks like.

Sources: PubMed's help (PMID, PMCID), the DOI handbook (case-insensitive ASCII), ClinicalTrials.gov (NCT),
ORCID's structure of the identifier (ISO 7064 MOD 11-2), the Bioregistry's patterns for the ontologies.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Annotated
from urllib.parse import quote, unquote

from pydantic import AfterValidator


class BadIdentifier(ValueError):
    """A text that is no identifier of its kind; the message says what a good one looks like."""


_DOI_LEAD = re.compile(
    r"^(?:(?:https?://)?[^/\s]*\bdoi[.-][^/\s]*/|info:doi/|urn:doi:|doi\s*[:=]?\s*)",
    re.IGNORECASE,
)
_DOI = re.compile(r"10\.[0-9]{4,9}(?:\.[0-9]+)*/[^\s\ufffd]+")
# Nothing surrounds it and nothing in it could mean something else: most of them, and quickly told.
_PLAIN_DOI = re.compile(r"10\.[0-9]{4,9}(?:\.[0-9]+)*/[a-z0-9._/:;+-]*[a-z0-9_+-]")
_PLAIN_PMID = re.compile(r"[1-9][0-9]{0,8}")
_DASHES = str.maketrans("\u2010\u2011\u2012\u2013\u2014\u2212", "------")
_AFTER_DOI = ".,;:\"'”’ "
_CLOSING = {")": "(", "]": "[", ">": "<", "}": "{"}


def normalise_doi(text: str) -> str:
    """Return the DOI in lower case without prefix: ``10.1000/abc``."""
    # As MEDLINE's AID and LID give it, too.
    if _PLAIN_DOI.fullmatch(lower := text.lower().removesuffix(" [doi]")):
        return lower
    doi = text
    while (barer := _barer_doi(doi)) != doi:
        doi = barer
    if not _DOI.fullmatch(doi):
        raise BadIdentifier(f"{text!r} is not a DOI; expected 10.<registrant>/<suffix>")
    return doi


def _barer_doi(doi: str) -> str:
    """Take off one layer of what surrounds a DOI in addresses, sentences and exports."""
    doi = unicodedata.normalize("NFKC", doi).translate(_DASHES).lower()
    doi = "".join(c for c in doi if unicodedata.category(c) != "Cf").strip()  # zero-width blanks, byte order marks
    if doi.startswith(("http://", "https://")):
        doi = re.split(r"[?#]", doi, maxsplit=1)[0].rstrip("/")  # inside a DOI an address has these encoded
    doi = _DOI_LEAD.sub("", doi)
    doi = unquote(doi).removesuffix("[doi]")  # MEDLINE's AID and LID
    doi = doi.lstrip("<>([{\"'“‘").rstrip(_AFTER_DOI)
    while doi and doi[-1] in _CLOSING and doi.count(doi[-1]) > doi.count(_CLOSING[doi[-1]]):
        doi = doi[:-1].rstrip(_AFTER_DOI)
    return doi


def normalise_pmid(text: str | int) -> str:
    """Return the PubMed id as digits without leading zeros: ``26218762``."""
    if isinstance(text, str) and _PLAIN_PMID.fullmatch(text):
        return text
    digits = re.sub(
        r"(?i)^\s*(?:(?:https?://)?(?:www\.)?(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed)/"
        r"|(?:pmid|pubmed)\s*[:-]?\s*)",
        "",
        str(text),
    )
    digits = re.split(r"[?#]", digits, maxsplit=1)[0].strip(" \t\r\n/.,;").lstrip("0")
    if not _PLAIN_PMID.fullmatch(digits):
        raise BadIdentifier(f"{str(text)!r} is not a PMID; expected 1 to 9 digits")
    return digits


_PMC_ADDRESS = re.compile(r"[^\s?#]*/pmc([1-9][0-9]{0,8})(?:\.[0-9]+)?(?:[/?#].*)?", re.IGNORECASE)
_PMCID = re.compile(r"(?:pmc(?:id)?\s*:\s*|pmcid\s*)?(?:pmc)?\s*([1-9][0-9]{0,8})(?:\.[0-9]+)?", re.IGNORECASE)


def normalise_pmcid(text: str) -> str:
    """Return the PubMed Central id with its prefix: ``PMC8022268``."""
    bare = text.strip()
    match = (_PMC_ADDRESS if "/" in bare else _PMCID).fullmatch(bare)
    if not match:
        raise BadIdentifier(f"{text!r} is not a PMCID; expected PMC and digits")
    return f"PMC{match[1]}"


def normalise_nct(text: str) -> str:
    """Return the ClinicalTrials.gov id: ``NCT03228420``."""
    match = re.search(r"(?i)(?:^|[/:=\s])NCT\s*([0-9]{8})(?:[/?#&].*)?$", text.strip())
    if not match:
        raise BadIdentifier(f"{text!r} is not a ClinicalTrials.gov id; expected NCT and 8 digits")
    return f"NCT{match[1]}"


def normalise_orcid(text: str) -> str:
    """Return the ORCID iD in groups of four; its check digit must be right."""
    digits = re.sub(r"(?i)^\s*(?:https?://orcid\.org/|orcid\s*:?\s*)", "", text).strip().rstrip("/")
    digits = digits.replace("-", "").replace(" ", "").upper()
    if not re.fullmatch(r"[0-9]{15}[0-9X]", digits):
        raise BadIdentifier(f"{text!r} is not an ORCID iD; expected 16 digits, the last may be X")
    total = 0
    for digit in digits[:15]:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    if digits[15] != ("X" if check == 10 else str(check)):
        raise BadIdentifier(f"{text!r} is not an ORCID iD: its check digit is wrong")
    return "-".join(digits[i : i + 4] for i in range(0, 16, 4))


# Trial registries whose numbers are worth comparing (ICTRP primary registries and those of the field's reviews).
_REGISTRIES = (
    r"NCT\d{8}", r"ISRCTN\d{8}", r"ACTRN\d{14}", r"DRKS\d{8}", r"NTR\d{1,5}", r"NL\d{1,5}",
    r"EUCTR\d{4}-\d{6}-\d{2}.*", r"\d{4}-\d{6}-\d{2}(?:-[\w]+)*", r"ChiCTR[-A-Z]*\d{4,12}",
    r"CTRI/\d{4}/\d{2,3}/\d{4,6}", r"IRCT\w+", r"JPRN-\w+", r"jRCT\w+", r"UMIN\d+", r"TCTR\d+", r"PACTR\d+", r"KCT\d+",
    r"RBR-\w+", r"CRD\d{10,14}", r"SLCTR/\d{4}/\d+", r"RPCEC\d+",
)  # fmt: skip
_REGISTRY = re.compile("|".join(f"(?:{pattern})" for pattern in _REGISTRIES), re.IGNORECASE | re.ASCII)


def normalise_registry_number(text: str) -> str:
    """Return a trial registry number without blanks, letters in the registry's own case."""
    number = re.sub(r"\s+", "", text)
    if not _REGISTRY.fullmatch(number):
        raise BadIdentifier(f"{text!r} is not a registry number that we know, such as NCT03228420 or ISRCTN67013851")
    if re.match(r"(?i)chictr", number):
        return "ChiCTR" + number[6:].upper()
    if re.match(r"(?i)jrct", number):
        return "jRCT" + number[4:].lower()
    if re.match(r"(?i)rbr-", number):
        return "RBR-" + number[4:].lower()
    return number.upper()


# prefix (canonical case) -> (pattern of the local id, IRI before the local id)
PREFIXES: dict[str, tuple[str, str]] = {
    "DOID": (r"\d+", "http://purl.obolibrary.org/obo/DOID_"),
    "MONDO": (r"\d{7}", "http://purl.obolibrary.org/obo/MONDO_"),
    "MAXO": (r"\d{7}", "http://purl.obolibrary.org/obo/MAXO_"),
    "SYMP": (r"\d{7}", "http://purl.obolibrary.org/obo/SYMP_"),
    "ECO": (r"\d{7}", "http://purl.obolibrary.org/obo/ECO_"),
    "HP": (r"\d{7}", "http://purl.obolibrary.org/obo/HP_"),
    "MESH": (r"[CD]\d{6,9}|D\d+Q\d+|Q\d+", "http://id.nlm.nih.gov/mesh/"),
    "RXNORM": (r"\d+", "http://purl.bioontology.org/ontology/RXNORM/"),
    "PMID": (r"[1-9]\d{0,8}", "https://pubmed.ncbi.nlm.nih.gov/"),
    "PMCID": (r"PMC[1-9]\d{0,8}", "https://www.ncbi.nlm.nih.gov/pmc/articles/"),
    "DOI": (r"10\.\d{4,9}.*/\S+", "https://doi.org/"),
    "NCT": (r"NCT\d{8}", "https://clinicaltrials.gov/study/"),
    "ORCID": (r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]", "https://orcid.org/"),
}
_PREFIX_ALIASES = {"MSH": "MESH", "PUBMED": "PMID", "PMC": "PMCID", "RXCUI": "RXNORM", "CLINICALTRIALS": "NCT"}
_LOCAL: dict[str, Callable[[str], str]] = {
    "PMID": normalise_pmid,
    "PMCID": normalise_pmcid,
    "DOI": normalise_doi,
    "NCT": normalise_nct,
    "ORCID": normalise_orcid,
}


def normalise_curie(text: str) -> str:
    """Return ``PREFIX:local`` with the prefix in its canonical case; unknown prefixes are refused."""
    prefix, colon, local = text.strip().partition(":")
    prefix = prefix.upper()
    prefix = _PREFIX_ALIASES.get(prefix, prefix)
    if not colon or prefix not in PREFIXES:
        raise BadIdentifier(f"{text!r} is not a CURIE that we know; prefixes are {', '.join(PREFIXES)}")
    local = _LOCAL[prefix](local) if prefix in _LOCAL else local.strip().upper()
    if not re.fullmatch(PREFIXES[prefix][0], local, re.ASCII):
        raise BadIdentifier(f"{text!r} is not a valid {prefix} identifier")
    return f"{prefix}:{local}"


def term_id(text: str) -> str:
    """Return the id of a term of any ontology: normalised where we know the prefix, else as it stands."""
    bare = text.strip()
    try:
        return normalise_curie(bare)
    except BadIdentifier:
        if not re.fullmatch(r"[A-Za-z_][\w.-]*:[^\s|]+", bare):
            raise BadIdentifier(f"{text[:60]!r} is no id of a term, such as MAXO:0000945") from None
        return bare


def curie_to_iri(curie: str) -> str:
    """Return the IRI of a CURIE: ``DOID:8398`` → ``http://purl.obolibrary.org/obo/DOID_8398``."""
    prefix, _, local = normalise_curie(curie).partition(":")
    # A DOI may hold characters that no IRI may (RFC 3987), such as the angle brackets of old SICI ones.
    return PREFIXES[prefix][1] + quote(local, safe="/:;()@!$&'*+,=~")


def iri_to_curie(iri: str) -> str:
    """Return the CURIE of an IRI that :func:`curie_to_iri` could have made."""
    text = re.sub(r"^https?://", "", iri.strip(), flags=re.IGNORECASE)
    for prefix, (_, lead) in PREFIXES.items():
        bare = re.sub(r"^https?://", "", lead)
        if text.startswith(bare):
            return normalise_curie(f"{prefix}:{text[len(bare) :]}")
    raise BadIdentifier(f"{iri!r} is not an IRI of a vocabulary that we know")


def fold(text: str) -> str:
    """Fold a name for comparison: case, accents, hyphens, punctuation and blanks do not count."""
    return _NOT_SLUG.sub("", _bare(text))


def slug(text: str) -> str:
    """Return a lower-case slug of letters, digits and single hyphens."""
    return _NOT_SLUG.sub("-", _bare(text)).strip("-")


_NOT_SLUG = re.compile(r"[^a-z0-9]+")


def _bare(text: str) -> str:
    """Return a text without case and accents."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join([c for c in plain if not unicodedata.combining(c)])


@lru_cache(maxsize=65_536)
def _check_slug(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", text):
        raise BadIdentifier(f"{text!r} is not an id; use lower-case letters, digits and single hyphens")
    return text


Slug = Annotated[str, AfterValidator(_check_slug)]
Doi = Annotated[str, AfterValidator(normalise_doi)]
Pmid = Annotated[str, AfterValidator(normalise_pmid)]
Pmcid = Annotated[str, AfterValidator(normalise_pmcid)]
Orcid = Annotated[str, AfterValidator(normalise_orcid)]
RegistryNumber = Annotated[str, AfterValidator(normalise_registry_number)]
Curie = Annotated[str, AfterValidator(normalise_curie)]
TermId = Annotated[str, AfterValidator(term_id)]
