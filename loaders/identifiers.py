"""Identifiers that a citation file holds in fields of their own, in addresses and in brackets."""

import re
from collections.abc import Callable, Collection, Iterable
from urllib.parse import unquote

from loaders.dates import EMPTY
from schema.ids import BadIdentifier, normalise_doi, normalise_pmcid, normalise_pmid

_NORMALISE: dict[str, Callable[[str], str]] = {"pmid": normalise_pmid, "doi": normalise_doi, "pmcid": normalise_pmcid}
# Searched in texts whose case is folded.
_ADDRESSES = {
    "pmid": re.compile(
        r"(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed|europepmc\.org/(?:article|abstract)/med)/(\d{1,9})\b"
    ),
    "pmcid": re.compile(r"(?:ncbi\.nlm\.nih\.gov|europepmc\.org)/(?:pmc/)?articles?/(?:pmc/)?(pmc\d{1,9})\b"),
    "doi": re.compile(r"(?:doi\.org/(?<!\wdoi\.org/)|[?&]id=doi:)(10\.\d{4,9}(?:/|%2f)[^\s?#&]+)"),
}
# One of these is in every address that names one: cheaper to look for.
_HOSTS = {"pmid": ("pubmed", "europepmc.org"), "pmcid": ("pmc",), "doi": ("doi",)}
_DOI_ALONE = re.compile(r"doi\s*:?\s*10\.\d{4,9}/\S+", re.IGNORECASE)
_NOTED = re.compile(r"\b(PMID|PMCID|DOI)\s*:\s*(\S+?)(?=[\s;,.]*(?:$|\s))", re.IGNORECASE)
# As PubMed Central writes them into its RIS files: ``26957754[pmid]``.
_MARKED_LINE = re.compile(r"\s*(\S+)\[(pmid|pmcid|doi)\]\s*", re.IGNORECASE)
_NOTED_LINE = re.compile(r"\s*(?:(?:PMID|PMCID|DOI)\s*:\s*\S+\s*)+", re.IGNORECASE)
# A file may be named after a study: ``NCT04676100.json`` is no number.
_NCT = re.compile(r"(?:^|[\W_])NCT(\d{8})(?!\w|\.\w)", re.IGNORECASE)
_NCT_NAMED = re.compile(r"nct\s*[:=]\s*(?:NCT)?(\d{8})", re.IGNORECASE)
_NO_ISSN_DIGIT = re.compile(r"[^0-9Xx]")
_ISSN = re.compile(r"(?<![\dXx-])(\d{4})-?(\d{3}[\dXx])(?![\dXx-])")


def chosen(kind: str, texts: Collection[str], warnings: list[str]) -> str | None:
    """Return the first text that is an identifier of the kind (pmid, doi, pmcid), normalised.

    Others that contradict it, and texts that are none, are told.
    """
    if not texts:
        return None
    found: list[str] = []
    refused: list[str] = []
    for text in texts:
        bare = text.strip()
        if not bare[:1].isdigit() and bare.casefold() in EMPTY:
            continue
        try:
            found.append(_NORMALISE[kind](bare))
        except BadIdentifier as error:
            refused.append(f"{kind} is left out: {error}")
    if len(found) > 1:
        others = [other for other in dict.fromkeys(found) if other != found[0]]
        warnings.extend(f"the record names two {kind}s, {found[0]} and {other}: the first is kept" for other in others)
    warnings.extend(refused)
    return found[0] if found else None


def identified(text: str) -> tuple[str, str] | None:
    """Return (kind, normalised) of one identifier in any spelling: pmid, pmcid, doi or nct; None for other texts.

    Digits alone are a PMID. ``NCT04676100``, ``nct:NCT04676100``, ``PMC8022268``, ``10.1000/abc``,
    ``https://doi.org/10.1000/abc``, ``https://pubmed.ncbi.nlm.nih.gov/26218762/``, ``pmid:26218762``.
    """
    bare = text.strip()
    if match := _NCT_NAMED.fullmatch(bare) or _NCT.search(bare):
        return "nct", f"NCT{match[1]}"
    if "/" in bare:
        folded = bare.casefold()
        for kind in ("pmid", "pmcid"):
            if match := _ADDRESSES[kind].search(folded):
                return kind, _NORMALISE[kind](match[1])
    if re.search(r"pmc(?:id)?\W*\d|/pmc/", bare, re.IGNORECASE):
        kind = "pmcid"
    else:
        kind = "doi" if "10." in bare else "pmid"
    try:
        return kind, _NORMALISE[kind](bare)
    except BadIdentifier:
        return None


def in_addresses(kind: str, texts: Iterable[str]) -> list[str]:
    """Return what the addresses say, if they agree: an export may link to other works too."""
    # None of the patterns reaches beyond a line.
    folded = "\n".join(texts).casefold()
    if not folded:
        return []
    for host in _HOSTS[kind]:
        if host in folded:
            break
    else:
        return []
    # A percent sign may hide a capital letter.
    found = {unquote(text).casefold() for text in _ADDRESSES[kind].findall(folded)}
    return list(found) if len(found) == 1 else []


def dois_alone(texts: Iterable[str]) -> list[str]:
    """Return the texts that are nothing but a DOI, as publishers write into notes: ``doi: 10.1063/1.4814070``."""
    return [text for text in texts if _DOI_ALONE.fullmatch(text.strip())]


def noted(kind: str, text: str) -> list[str]:
    """Return the identifiers of a kind on those lines of a note that hold nothing else: ``PMID: 26218762``.

    Citation managers write there what a format has no field for; in a sentence a number may be another work's.
    """
    found: list[tuple[str, str]] = []
    for line in re.split(r"[\n\r]+", text):
        if _NOTED_LINE.fullmatch(line):
            found += _NOTED.findall(line)
        elif match := _MARKED_LINE.fullmatch(line):
            found.append((match[2], match[1]))
    return [number for named, number in found if named.casefold() == kind]


def issns(texts: Iterable[str], warnings: list[str]) -> list[str]:
    """Return the ISSNs (``1860-2002``) of texts such as ``18602002``, ``2325-9671 (electronic)``; ISBNs are none."""
    found: list[str] = []
    for text in texts:
        here = [f"{first}-{second.upper()}" for first, second in _ISSN.findall(text)]
        if not here and text.casefold() not in EMPTY and len(_NO_ISSN_DIGIT.sub("", text)) < 10:
            warnings.append(f"{text!r} is no ISSN and is left out")
        found += here
    return list(dict.fromkeys(found))
