"""Registrations: how far a registered study is, and how a publication is linked to its entry."""

from schema.terms.term import OWN, Term

_BMJ = (
    "ClinicalTrials.gov's definitions, BMJ 2014;349:g6870, table 1; read at "
    "https://pmc.ncbi.nlm.nih.gov/articles/PMC4260649/table/tbl1"
)
_GLOSSARY = "read at https://acori-glossary.accc-cancer.org/definition/recruitment-status"


class RecruitmentStatus(Term):
    """ClinicalTrials.gov: how far a registered study is. Statuses of expanded access are none of a study."""

    NOT_YET_RECRUITING = ("NOT_YET_RECRUITING", "the study has not started recruiting participants", _GLOSSARY)
    RECRUITING = ("RECRUITING", "the study is recruiting participants now", _GLOSSARY)
    ENROLLING_BY_INVITATION = (
        "ENROLLING_BY_INVITATION",
        "the study takes its participants from a group of people decided on in advance, who are invited",
        _BMJ,
    )
    ACTIVE_NOT_RECRUITING = (
        "ACTIVE_NOT_RECRUITING",
        "the study goes on: participants are treated or examined, and no new ones are recruited",
        _BMJ,
    )
    COMPLETED = (
        "COMPLETED",
        "the study has ended normally, and participants are no longer examined or treated",
        _BMJ,
    )
    SUSPENDED = ("SUSPENDED", "recruiting has stopped early, and may start again", _BMJ)
    TERMINATED = (
        "TERMINATED",
        "recruiting has stopped early and will not start again; participants are no longer examined or treated",
        _BMJ,
    )
    WITHDRAWN = ("WITHDRAWN", "the study was stopped before its first participant", _BMJ)
    UNKNOWN = (
        "UNKNOWN",
        "last known as open or not yet recruiting, and not confirmed within the past two years",
        _BMJ,
    )


class PublicationLinkKind(Term):
    """ClinicalTrials.gov: how a publication is linked to a registered study."""

    RESULT = ("RESULT", "named by whoever registered the study as a report of its results", OWN)
    DERIVED = ("DERIVED", "found by the registry, because the publication names the study's number", OWN)
    BACKGROUND = ("BACKGROUND", "named by whoever registered the study, and no report of its results", OWN)
