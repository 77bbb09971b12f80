"""What kind of publication a citation is, as far as it says so for certain."""

import re
from enum import StrEnum

from schema.citation import Citation
from schema.terms import CitationLinkKind, CitationType, RetractionState


class Kind(StrEnum):
    """What a citation is by its title, type, journal or DOI."""

    NOTICE = "a notice of correction or retraction"
    COMMENT = "a comment, letter, reply or editorial"
    SUMMARY = "a summary of another one"
    PROTOCOL = "a protocol"
    PREPRINT = "a preprint"
    ABSTRACT = "a congress abstract"
    REGISTRATION = "a registry entry"
    BOOK = "a book"
    #: Anything else; also what its source did not tell apart.
    REPORT = "a report"


#: Tongues and tissues are retracted too: "Retraction of the tongue …" says by its form that it is no notice, and a
#: notice that has the same form is told by its publication type alone.
RETRACTION = (
    r"retraction(?:\s*[:.;)\]–—]|\s+-\s|\s*$|\s+(?:note|notice|statement)s?\b|\s+and\s+(?:replacement|republication)\b"
    r"|\s+(?:of|to|for)\s*[:“\"‘'«]|\s+(?:of|to|for)\s+(?:the\s+|an?\s+|this\s+)?(?:article|paper|publication)\b"
    r"|\s+(?:of|to|for)\b[^:]*\bet al\b)"
)
NOTICE = re.compile(
    r"^\W*(?:(?:author|publisher)'?s?'? )?(?:errat(?:um|a)\b|corrigend(?:um|a)\b|addend(?:um|a)\b"
    r"|corrections?\s*(?:[:.;)\]–—-]|to\b|for\b[^:]*\bet al|$)"
    rf"|{RETRACTION}|notice of |(?:editorial )?expression of concern\b|publisher'?s note\b|removal notice"
    r"|withdrawal notice)|\b(?:erratum|corrigendum)\s*[)\].]*$"
    r"|\bretraction notice\s*(?:to\b|for\b|of\b|:)"
    r"|[(\[:.;–—]\s*retraction(?: notice| note| of vol\b[^)\]]*)?\s*[)\].]*$",
    re.IGNORECASE,
)
COMMENT = re.compile(
    r"^\W*(?:in )?(?:reply|response|re|rebuttal)\b\s*(?:[:.]|to\b|from\b|$)|^\W*in response\b"
    r"|^\W*(?:the )?authors?['’]?s?['’]? (?:reply|response|rejoinder)|^\W*(?:invited |editorial |editor['’]?s )?"
    r"(?:comment|commentary|editorial|letter|viewpoint|rejoinder|discussion)s?\b\s*(?:[:.]|on\b|to\b|regarding\b|$)"
    r"|\b(?:comments? on|letter to the editor|(?:response|reply) to (?:the )?(?:letter|comment|editor)"
    r"|authors?['’]?s?['’]? (?:reply|response))\b"
    r"|[:.–—-]\s*(?:a |an )?(?:reply|response|comment|commentary|rebuttal|letter|editorial)\s*[)\].]*$",
    re.IGNORECASE,
)
SUMMARY = re.compile(
    r"\bsummar(?:y|ies) for (?:the )?(?:patients?|public|clinicians?|policymakers?)\b"
    r"|\b(?:plain|lay)[- ](?:language )?summary\b"
    r"|\b(?:executive|patient) summary\b|\bpatient page\b|\b(?:video|visual|graphical) abstract\b",
    re.IGNORECASE,
)
PROTOCOL = re.compile(
    r"\b(?:study|trial|review|research)? ?protocol(?: for| of| to|\s*[)\].:]|\s*$)|\bdesign and rationale\b"
    r"|\brationale (?:and|&) (?:study )?design\b|\bdesign,? (?:and )?methods\b|\bstatistical analysis plan\b",
    re.IGNORECASE,
)
PREPRINT_HOMES = re.compile(
    r"\b(?:bio|med|psy|chem)?a?rxiv\b|research square|\bssrn\b|preprints?\b|\bosf\b|authorea", re.IGNORECASE
)
PREPRINT_DOIS = re.compile(r"10\.(?:1101/(?:\d{6}|20\d\d\.)|21203/rs\.|20944/|31234/|48550/arxiv|2139/ssrn|22541/au)")
OF_TYPE = {
    CitationType.NOTICE: Kind.NOTICE,
    CitationType.COMMENT: Kind.COMMENT,
    CitationType.PROTOCOL: Kind.PROTOCOL,
    CitationType.PREPRINT: Kind.PREPRINT,
    CitationType.ABSTRACT: Kind.ABSTRACT,
    CitationType.REGISTRATION: Kind.REGISTRATION,
    CitationType.BOOK: Kind.BOOK,
}

#: What appears again under its title, with other authors or none: the title does not tell which.
RECURRING = re.compile(
    r"\breviews?\b|\bmeta-?\W?analys|\bguidelines?\b|\bguidance\b|\bconsensus\b|\brecommendations?\b"
    r"|\b(?:position|practice|consensus) (?:statement|paper|parameter|advisory)|\bliving\b|\bannual\b|\boverview\b"
    r"|\bupdates?\b|\bstate of the art\b|\babstracts\b|\bproceedings\b",
    re.IGNORECASE,
)
RECURRING_TYPES = frozenset({CitationType.REVIEW, CitationType.GUIDELINE})

#: Links to what may be taken for the work itself: it has the same title.
NOTICES = frozenset({CitationLinkKind.RETRACTION_IN, CitationLinkKind.EXPRESSION_OF_CONCERN_IN})
VERSIONS = frozenset(
    {
        CitationLinkKind.CORRECTED_AND_REPUBLISHED_IN,
        CitationLinkKind.CORRECTED_AND_REPUBLISHED_FROM,
        CitationLinkKind.UPDATE_IN,
        CitationLinkKind.UPDATE_OF,
        CitationLinkKind.REPUBLISHED_IN,
        CitationLinkKind.REPUBLISHED_FROM,
        CitationLinkKind.RETRACTED_AND_REPUBLISHED_IN,
        CitationLinkKind.RETRACTED_AND_REPUBLISHED_FROM,
        CitationLinkKind.REPRINT_IN,
        CitationLinkKind.REPRINT_OF,
    }
)
FATES = {
    RetractionState.RETRACTED: "one was retracted",
    RetractionState.REMOVED: "one was removed",
    RetractionState.EXPRESSION_OF_CONCERN: "there is an expression of concern about one",
    RetractionState.CORRECTED: "one was corrected",
    RetractionState.REINSTATED: "one was withdrawn and reinstated",
}


def recurs(type_: CitationType, title: str) -> bool:
    """Whether a citation is of a sort that is brought up to date or published yearly under one title."""
    return type_ in RECURRING_TYPES or RECURRING.search(title) is not None


def fate_of(citation: Citation) -> str:
    """Return what is known to have happened to a work that may have brought a second version of its year, or nothing.

    What replaces a retracted work comes with the retraction or after it: one of a later year brought none of this year.
    """
    if any(link.kind in VERSIONS for link in citation.links):
        return "one is linked to another version"
    happened = citation.retraction
    if happened.date and citation.year and int(happened.date[:4]) > citation.year:
        return ""
    if happened.state is not RetractionState.NONE_FOUND:
        return FATES[happened.state]
    if any(link.kind in NOTICES for link in citation.links):
        return "one is linked to a notice"
    return ""


def kind_of(citation: Citation) -> Kind:
    """Return the kind of a citation; what it does not say is a report."""
    printed = citation.title or ""
    journal = f"{citation.journal or ''} {citation.journal_abbreviation or ''}"
    if NOTICE.search(printed):
        return Kind.NOTICE
    if COMMENT.search(printed):
        return Kind.COMMENT
    if SUMMARY.search(printed):
        return Kind.SUMMARY
    if PREPRINT_HOMES.search(journal) or (citation.doi and PREPRINT_DOIS.match(citation.doi)):
        return Kind.PREPRINT
    if citation.type in OF_TYPE:
        return OF_TYPE[citation.type]
    return Kind.PROTOCOL if PROTOCOL.search(printed) else Kind.REPORT
