"""Kinds: from PubMed's publication types to the one type of a citation."""

from functools import lru_cache

from schema.terms import CitationType

# Publication types as MeSH names them (lower case), by what they make of a record. The first that fits counts.
_NOTICE = frozenset(
    {"retraction of publication", "retraction notice", "published erratum", "expression of concern"}
)  # fmt: skip
_NOTICE_UIS = frozenset({"D016440", "D016425"})
_GUIDELINE = frozenset({"practice guideline", "guideline"})
_REVIEW = frozenset({"review", "systematic review", "meta-analysis", "network meta-analysis", "scoping review"})
_COMMENT = frozenset({"comment", "letter", "editorial"})
_ABSTRACT = frozenset({"meeting abstract"})
# Neither research nor a comment on it.
_OTHER = frozenset(
    {"news", "newspaper article", "biography", "autobiography", "portrait", "bibliography", "directory", "interview",
     "video-audio media", "webcast", "dataset", "patient education handout", "personal narrative", "address", "lecture",
     "congress", "legal case", "legislation", "historical article"}
)  # fmt: skip


def citation_type(types: list[tuple[str, str | None]]) -> CitationType:
    """Return the type that (name, MeSH UI) of the publication types make; a journal's record without any is an article.

    A letter that reports a trial is an article: it may carry results.
    """
    return _of(frozenset(types))


# Few combinations of types make up all of PubMed.
@lru_cache(maxsize=4096)
def _of(types: frozenset[tuple[str, str | None]]) -> CitationType:
    names = {name.casefold() for name, _ in types}
    if names & _NOTICE or any(ui in _NOTICE_UIS for _, ui in types):
        return CitationType.NOTICE
    if names & _GUIDELINE:
        return CitationType.GUIDELINE
    if "clinical trial protocol" in names:
        return CitationType.PROTOCOL
    if "preprint" in names:
        return CitationType.PREPRINT
    if names & _REVIEW:
        return CitationType.REVIEW
    if names & _ABSTRACT:
        return CitationType.ABSTRACT
    if names & _COMMENT and not any("trial" in name for name in names):
        return CitationType.COMMENT
    if names & _OTHER and "journal article" not in names:
        return CitationType.OTHER
    return CitationType.ARTICLE
