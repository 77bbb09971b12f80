"""Citations: kind, links, retraction and verification."""

from schema.terms.term import OWN, Term


class CitationType(Term):
    """What kind of publication a citation is."""

    ARTICLE = (
        "ARTICLE",
        "a report in a journal",
        OWN,
    )
    REVIEW = (
        "REVIEW",
        "a review article, systematic or not",
        OWN,
    )
    GUIDELINE = (
        "GUIDELINE",
        "a guideline",
        OWN,
    )
    PROTOCOL = (
        "PROTOCOL",
        "a published plan of a study",
        OWN,
    )
    ABSTRACT = (
        "ABSTRACT",
        "a congress abstract",
        OWN,
    )
    PREPRINT = (
        "PREPRINT",
        "a manuscript before peer review",
        OWN,
    )
    BOOK = (
        "BOOK",
        "a book or a chapter of one",
        OWN,
    )
    COMMENT = (
        "COMMENT",
        "a letter, comment, editorial or reply",
        OWN,
    )
    NOTICE = (
        "NOTICE",
        "a notice of retraction, correction or concern",
        OWN,
    )
    REGISTRATION = (
        "REGISTRATION",
        "an entry of a trial registry",
        OWN,
    )
    OTHER = (
        "OTHER",
        "anything else, or not read",
        OWN,
    )


class CitationLinkKind(Term):
    """PubMed: how one publication speaks of another (CommentsCorrections)."""

    RETRACTION_IN = (
        "RETRACTION_IN",
        "the notice that retracts this work",
        "PubMed CommentsCorrections@RefType",
    )
    RETRACTION_OF = (
        "RETRACTION_OF",
        "the work that this notice retracts",
        "PubMed CommentsCorrections@RefType",
    )
    EXPRESSION_OF_CONCERN_IN = (
        "EXPRESSION_OF_CONCERN_IN",
        "the notice that raises concern about this work",
        "PubMed CommentsCorrections@RefType",
    )
    EXPRESSION_OF_CONCERN_FOR = (
        "EXPRESSION_OF_CONCERN_FOR",
        "the work that this notice raises concern about",
        "PubMed CommentsCorrections@RefType",
    )
    ERRATUM_IN = (
        "ERRATUM_IN",
        "the correction of this work",
        "PubMed CommentsCorrections@RefType",
    )
    ERRATUM_FOR = (
        "ERRATUM_FOR",
        "the work that this correction corrects",
        "PubMed CommentsCorrections@RefType",
    )
    CORRECTED_AND_REPUBLISHED_IN = (
        "CORRECTED_AND_REPUBLISHED_IN",
        "the corrected reprint of this work",
        "PubMed CommentsCorrections@RefType",
    )
    CORRECTED_AND_REPUBLISHED_FROM = (
        "CORRECTED_AND_REPUBLISHED_FROM",
        "the work that this one reprints corrected",
        "PubMed CommentsCorrections@RefType",
    )
    COMMENT_IN = (
        "COMMENT_IN",
        "a comment on this work",
        "PubMed CommentsCorrections@RefType",
    )
    COMMENT_ON = (
        "COMMENT_ON",
        "the work that this one comments on",
        "PubMed CommentsCorrections@RefType",
    )
    UPDATE_IN = (
        "UPDATE_IN",
        "the newer version of this work",
        "PubMed CommentsCorrections@RefType",
    )
    UPDATE_OF = (
        "UPDATE_OF",
        "the older version of this work",
        "PubMed CommentsCorrections@RefType",
    )
    REPUBLISHED_IN = (
        "REPUBLISHED_IN",
        "the reprint of this work",
        "PubMed CommentsCorrections@RefType",
    )
    REPUBLISHED_FROM = (
        "REPUBLISHED_FROM",
        "the work that this one reprints",
        "PubMed CommentsCorrections@RefType",
    )
    RETRACTED_AND_REPUBLISHED_IN = (
        "RETRACTED_AND_REPUBLISHED_IN",
        "the new version after a retraction of this work",
        "PubMed CommentsCorrections@RefType",
    )
    RETRACTED_AND_REPUBLISHED_FROM = (
        "RETRACTED_AND_REPUBLISHED_FROM",
        "the retracted work that this one replaces",
        "PubMed CommentsCorrections@RefType",
    )
    SUMMARY_FOR_PATIENTS_IN = (
        "SUMMARY_FOR_PATIENTS_IN",
        "a patient summary of this work",
        "PubMed CommentsCorrections@RefType",
    )
    ORIGINAL_REPORT_IN = (
        "ORIGINAL_REPORT_IN",
        "the report that this one rests on",
        "PubMed CommentsCorrections@RefType",
    )
    REPRINT_IN = (
        "REPRINT_IN",
        "a reprint of this work",
        "PubMed CommentsCorrections@RefType",
    )
    REPRINT_OF = (
        "REPRINT_OF",
        "the work reprinted here",
        "PubMed CommentsCorrections@RefType",
    )
    ASSOCIATED_DATASET = (
        "ASSOCIATED_DATASET",
        "a data set of this work",
        "PubMed CommentsCorrections@RefType",
    )
    ASSOCIATED_PUBLICATION = (
        "ASSOCIATED_PUBLICATION",
        "a publication of this data set",
        "PubMed CommentsCorrections@RefType",
    )
    CITES = (
        "CITES",
        "a work in the reference list",
        "PubMed CommentsCorrections@RefType",
    )
    OTHER = (
        "OTHER",
        "another kind of link",
        "PubMed CommentsCorrections@RefType",
    )


class RetractionState(Term):
    """What became of a publication after it appeared."""

    NONE_FOUND = (
        "NONE_FOUND",
        "no notice was found at the time of the check; a later one is possible",
        OWN,
    )
    RETRACTED = (
        "RETRACTED",
        "the publication is declared so flawed that its findings must not be relied on; also "
        "for plagiarism, duplicate publication, unethical research, manipulated peer review "
        "or undisclosed major interests",
        "2019, COPE Retraction guidelines, doi:10.24318/cope.2019.1.4; read at "
        "https://fdocuments.net/document/guidelines-retraction-guidelines-retraction-notices-should-mention-the-reasons.html",
    )
    REMOVED = (
        "REMOVED",
        "the text itself is taken away (rare - defamatory, private, under a court order, or a "
        "serious health risk); title and authors stay with a notice that says why",
        "read at https://journals.sbmu.ac.ir/aaem/index.php/AAEM/Retraction",
    )
    EXPRESSION_OF_CONCERN = (
        "EXPRESSION_OF_CONCERN",
        "readers are warned while evidence of misconduct or unreliability is inconclusive, "
        "not investigated, not fairly investigated, or a long investigation still runs",
        "read at https://www.biocloudy.com/literatureDetail/MjE0NTU3MA==",
    )
    CORRECTED = (
        "CORRECTED",
        "a small part of an otherwise sound publication was wrong, or its author list was; a "
        "linked correction is issued",
        "read at https://www.biocloudy.com/literatureDetail/MjE0NTU3MA==",
    )
    REINSTATED = (
        "REINSTATED",
        "a retraction was itself withdrawn and the publication stands again",
        OWN,
    )


class VerificationState(Term):
    """What a check of a citation against bibliographic sources found."""

    VERIFIED = (
        "VERIFIED",
        "the printed fields agree with a bibliographic source",
        OWN,
    )
    MISMATCH = (
        "MISMATCH",
        "a source holds the work, with fields of substance that differ",
        OWN,
    )
    NOT_FOUND = (
        "NOT_FOUND",
        "no source that was asked holds the work",
        OWN,
    )
    PENDING = (
        "PENDING",
        "not checked, or could not be asked",
        OWN,
    )


class BibliographicSource(Term):
    """Who was asked whether a citation is as printed."""

    PUBMED = (
        "PUBMED",
        "PubMed, the index of the National Library of Medicine",
        OWN,
    )
    CROSSREF = (
        "CROSSREF",
        "Crossref, where publishers register their DOIs",
        OWN,
    )
    EUROPE_PMC = (
        "EUROPE_PMC",
        "Europe PMC, which also holds preprints and works that are in no other index",
        OWN,
    )


class DuplicateState(Term):
    """What is known of two citations that may be one paper."""

    OPEN = (
        "OPEN",
        "nobody has decided yet",
        OWN,
    )
    SAME = (
        "SAME",
        "a person decided that they are one paper; they were merged",
        OWN,
    )
    DIFFERENT = (
        "DIFFERENT",
        "a person decided that they are two papers; they are never merged or asked about again",
        OWN,
    )
