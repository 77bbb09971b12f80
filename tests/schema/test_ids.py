"""Identifiers: one work has one identifier, however somebody spells it; what is none is refused."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.ids import (
    PREFIXES,
    BadIdentifier,
    curie_to_iri,
    fold,
    iri_to_curie,
    normalise_curie,
    normalise_doi,
    normalise_nct,
    normalise_orcid,
    normalise_pmcid,
    normalise_pmid,
    normalise_registry_number,
    slug,
)

NORMALISERS = {
    "doi": normalise_doi,
    "pmid": normalise_pmid,
    "pmcid": normalise_pmcid,
    "nct": normalise_nct,
    "orcid": normalise_orcid,
    "registry number": normalise_registry_number,
    "curie": normalise_curie,
}

LANCET = "10.1016/S0140-6736(18)30841-0"
SICI = "10.1002/(SICI)1097-0258(19991230)18:24<3391::AID-SIM254>3.0.CO;2-B"

DOI_SPELLINGS = [
    "{}",
    " {}\n",
    "doi:{}",
    "DOI: {}",
    "doi {}",
    "doi={}",
    "DOI\uff1a{}",
    "doi:\u00a0{}",
    "info:doi/{}",
    "urn:doi:{}",
    "URN:DOI:{}",
    "https://doi.org/{}",
    "http://doi.org/{}",
    "HTTPS://DOI.ORG/{}",
    "https://www.doi.org/{}",
    "https://dx.doi.org/{}",
    "http://dx.doi.org/{}",
    "doi.org/{}",
    "dx.doi.org/{}",
    "https://doi.org.proxy.example.edu/{}",
    "https://doi-org.proxy.example.edu/{}",
    "https://doi.org/doi:{}",
    "doi:https://doi.org/{}",
    "https://doi.org/{}?utm_source=newsletter",
    "https://doi.org/{}#results",
    "https://doi.org/{}/",
    "<{}>",
    "<https://doi.org/{}>",
    "<{}>.",
    "({})",
    "(doi:{}).",
    "[{}]",
    '"{}"',
    "“{}.”",
    "{{{}}},",
    "{}.",
    "{},",
    "{};",
    "{} [doi]",
    "\ufeff{}",
    "\u200b{}\u200b",
]


@pytest.mark.parametrize("spelling", DOI_SPELLINGS)
@pytest.mark.parametrize("doi", ["10.1000/ABC", LANCET, SICI, "10.1136/bmj.l4898"])
def test_a_doi_in_any_of_its_spellings_is_one_doi(spelling: str, doi: str) -> None:
    assert normalise_doi(spelling.format(doi)) == doi.lower()


@pytest.mark.parametrize(
    "encoded",
    [
        "10.1016/S0140-6736%2818%2930841-0",
        "https://doi.org/10.1016%2FS0140-6736(18)30841-0",
        "https://doi.org/10.1016%2fs0140-6736%252818%252930841-0",
        "10.1016/S0140\u20106736(18)30841\u20130",
    ],
)
def test_percent_codes_and_typographic_hyphens_do_not_make_another_doi(encoded: str) -> None:
    assert normalise_doi(encoded) == LANCET.lower()


SUFFIX = st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789-_/().:;<>[]", min_size=1, max_size=24)
DOIS = st.builds("10.{}/{}".format, st.integers(1000, 999_999_999), SUFFIX)


@given(text=st.one_of(DOIS, st.builds(str.format, st.sampled_from(DOI_SPELLINGS), DOIS), st.text(max_size=30)))
def test_normalising_a_doi_twice_changes_nothing(text: str) -> None:
    once = accepted(normalise_doi, text)
    assert once is None or normalise_doi(once) == once


@given(text=st.text(max_size=40), kind=st.sampled_from(sorted(NORMALISERS)))
def test_any_text_is_normalised_for_good_or_refused(text: str, kind: str) -> None:
    once = accepted(NORMALISERS[kind], text)
    assert once is None or NORMALISERS[kind](once) == once


@pytest.mark.parametrize(
    "text", ["", "10.1000", "10.1000/", "11.1000/abc", "doi:", "10.1/abc", "10.1000/a b", "10.٣٠٠٠/a"]
)
def test_what_is_no_doi_is_refused_with_a_good_example(text: str) -> None:
    with pytest.raises(BadIdentifier, match=re.escape(f"{text!r} is not a DOI; expected 10.")):
        normalise_doi(text)


@pytest.mark.parametrize(
    ("text", "pmid"),
    [
        ("26218762", "26218762"),
        (26218762, "26218762"),
        (" 026218762 ", "26218762"),
        ("PMID: 26218762", "26218762"),
        ("pmid26218762.", "26218762"),
        ("https://pubmed.ncbi.nlm.nih.gov/26218762/", "26218762"),
        ("pubmed.ncbi.nlm.nih.gov/26218762/?from_term=pain", "26218762"),
        ("http://www.ncbi.nlm.nih.gov/pubmed/26218762", "26218762"),
    ],
)
def test_a_pmid_in_any_of_its_spellings_is_one_pmid(text: str | int, pmid: str) -> None:
    assert normalise_pmid(text) == pmid


@pytest.mark.parametrize("text", ["0", "", "1234567890", "-5", "26218762.5", "PMC8022268", "٢٦٢١٨٧٦٢"])
def test_what_is_no_pmid_is_refused(text: str) -> None:
    with pytest.raises(BadIdentifier, match="is not a PMID"):
        normalise_pmid(text)


@pytest.mark.parametrize(
    "text",
    [
        "PMC8022268",
        "pmc8022268",
        "PMC 8022268",
        "PMCID: PMC8022268",
        "PMC8022268.2",
        "8022268",
        "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC8022268/",
        "https://pmc.ncbi.nlm.nih.gov/articles/PMC8022268",
        "europepmc.org/article/PMC/PMC8022268",
    ],
)
def test_a_pmcid_in_any_of_its_spellings_is_one_pmcid(text: str) -> None:
    assert normalise_pmcid(text) == "PMC8022268"


@pytest.mark.parametrize(
    "text", ["", "10.1000/5", "note:5", "https://pubmed.ncbi.nlm.nih.gov/26218762", "PMC", "NCT03228420"]
)
def test_another_identifier_is_never_taken_for_a_pmcid(text: str) -> None:
    with pytest.raises(BadIdentifier, match="is not a PMCID"):
        normalise_pmcid(text)


@pytest.mark.parametrize(
    "text",
    [
        "NCT03228420",
        "nct03228420",
        "NCT 03228420",
        "https://clinicaltrials.gov/study/NCT03228420?tab=results",
        "https://clinicaltrials.gov/ct2/show/NCT03228420/",
    ],
)
def test_a_trial_in_any_of_its_spellings_is_one_trial(text: str) -> None:
    assert normalise_nct(text) == "NCT03228420"


@pytest.mark.parametrize("text", ["", "03228420", "NCT3228420", "NCT032284201", "XNCT03228420"])
def test_a_number_with_a_digit_too_many_or_too_few_is_no_trial(text: str) -> None:
    with pytest.raises(BadIdentifier, match=r"is not a ClinicalTrials\.gov id"):
        normalise_nct(text)


@pytest.mark.parametrize(
    ("text", "orcid"),
    [
        ("0000-0002-1825-0097", "0000-0002-1825-0097"),
        ("https://orcid.org/0000-0002-1825-0097", "0000-0002-1825-0097"),
        ("0000000218250097", "0000-0002-1825-0097"),
        ("orcid: 0000-0002-1694-233x", "0000-0002-1694-233X"),
    ],
)
def test_an_orcid_in_any_of_its_spellings_is_one_orcid(text: str, orcid: str) -> None:
    assert normalise_orcid(text) == orcid


@given(place=st.integers(0, 15), change=st.integers(1, 9))
def test_one_wrong_digit_of_an_orcid_is_noticed(place: int, change: int) -> None:
    digits = list("0000000218250097")
    digits[place] = str((int(digits[place]) + change) % 10)
    with pytest.raises(BadIdentifier, match="check digit is wrong"):
        normalise_orcid("".join(digits))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("nct 03228420", "NCT03228420"),
        ("isrctn67013851", "ISRCTN67013851"),
        ("ACTRN12616000054415", "ACTRN12616000054415"),
        ("chictr-inr-17013577", "ChiCTR-INR-17013577"),
        ("CHICTR2000029599", "ChiCTR2000029599"),
        ("JRCTS031180001", "jRCTs031180001"),
        ("rbr-9CGX9K", "RBR-9cgx9k"),
        ("ctri/2019/04/018500", "CTRI/2019/04/018500"),
        ("2012-001234-12", "2012-001234-12"),
        ("umin000013364", "UMIN000013364"),
        ("crd42018106122", "CRD42018106122"),
    ],
)
def test_a_registry_number_has_the_letters_that_its_registry_prints(text: str, number: str) -> None:
    assert normalise_registry_number(text) == number


@pytest.mark.parametrize("text", ["", "12616000054415", "NCT123", "registered"])
def test_a_number_of_no_registry_that_we_know_is_refused(text: str) -> None:
    with pytest.raises(BadIdentifier, match="such as NCT03228420"):
        normalise_registry_number(text)


LOCALS = {
    **{
        prefix: st.from_regex(re.compile(pattern, re.ASCII), fullmatch=True)
        for prefix, (pattern, _) in PREFIXES.items()
    },
    "DOI": DOIS.map(lambda text: accepted(normalise_doi, text)).filter(bool),
    "ORCID": st.sampled_from(["0000-0002-1825-0097", "0000-0002-1694-233X"]),
}


@pytest.mark.parametrize("prefix", PREFIXES)
@given(data=st.data())
def test_a_curie_comes_back_from_its_iri(prefix: str, data: st.DataObject) -> None:
    curie = normalise_curie(f"{prefix}:{data.draw(LOCALS[prefix])}")
    iri = curie_to_iri(curie)
    assert iri_to_curie(iri) == curie
    assert not set(iri) & set(' <>"{}|\\^`')  # RFC 3987: never in an IRI


@pytest.mark.parametrize(
    ("text", "curie"),
    [
        ("doid:8398", "DOID:8398"),
        ("msh:d010003", "MESH:D010003"),
        ("pubmed:26218762", "PMID:26218762"),
        ("pmc:PMC8022268", "PMCID:PMC8022268"),
        ("doi:10.1000/ABC", "DOI:10.1000/abc"),
    ],
)
def test_a_curie_has_its_canonical_prefix_and_case(text: str, curie: str) -> None:
    assert normalise_curie(text) == curie


@pytest.mark.parametrize(
    "text", ["", "8398", "DOID", "DOID:", "unheard:1", "MONDO:5178", "DOID:٨٣٩٨", "ORCID:0000-0002-1825-0098"]
)
def test_what_is_no_curie_of_ours_is_refused(text: str) -> None:
    with pytest.raises(BadIdentifier):
        normalise_curie(text)


def test_an_unknown_prefix_is_refused_with_the_known_ones() -> None:
    with pytest.raises(BadIdentifier, match="DOID, MONDO, MAXO"):
        normalise_curie("SNOMED:82423001")


@pytest.mark.parametrize("iri", ["https://example.org/8398", "http://purl.obolibrary.org/obo/DOID_x", ""])
def test_an_iri_of_no_vocabulary_of_ours_is_refused(iri: str) -> None:
    with pytest.raises(BadIdentifier):
        iri_to_curie(iri)


@given(name=st.text(max_size=40))
def test_a_name_folds_alike_whatever_its_case_and_punctuation(name: str) -> None:
    assert fold(fold(name)) == fold(name)
    assert fold(f" {name}- ") == fold(name)


@pytest.mark.parametrize("name", ["Wide-Neck’s  Pain", "wide neck s pain", "WIDE NECKS PÁIN", "widenecks-pain."])
def test_spellings_of_a_name_fold_to_one(name: str) -> None:
    assert fold(name) == "widenecks" + "pain"


@given(name=st.text(max_size=40))
def test_a_slug_is_a_valid_id_or_empty(name: str) -> None:
    assert re.fullmatch(r"([a-z0-9]+(-[a-z0-9]+)*)?", slug(name))
    assert slug(slug(name)) == slug(name)


def accepted(normalise: object, text: str) -> str | None:
    """Return what a normaliser makes of a text, None where it refuses it."""
    assert callable(normalise)
    try:
        return str(normalise(text))
    except BadIdentifier:
        return None


@given(st.from_regex(r"10\.[0-9]{4,6}(\.[0-9]{1,3})?/[a-z0-9._/:;+-]{1,12}", fullmatch=True))
def test_a_plain_doi_means_the_same_alone_and_in_a_sentence(text: str):
    try:
        alone = normalise_doi(text)
    except BadIdentifier:
        alone = None
    try:
        printed = normalise_doi(f"doi: {text}")
    except BadIdentifier:
        printed = None
    assert alone == printed
