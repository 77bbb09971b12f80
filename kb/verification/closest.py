"""The one among the results of a search that is the citation as printed; none rather than a wrong one."""

from collections.abc import Iterable
from dataclasses import replace

from kb.matching import Facts
from kb.matching.agreement import agreement_of
from kb.matching.likeness import OWN_LETTERS, Likeness, likeness_of, own
from kb.matching.names import same_author
from kb.matching.titles import read_title
from kb.matching.verdict import apart
from kb.verification.compare import title_likeness
from schema.citation import Citation
from schema.records import IDENTIFIERS

#: Likeness of titles (per cent) from which a result may be the work that was looked for.
CLOSE = 90
#: The same where no author is printed that could tell.
EQUAL = 98


def closest(printed: Citation, results: Iterable[Citation]) -> Citation | None:
    """Return the result whose title is nearest, if it is near enough and nothing speaks against it.

    The first author must agree; without one, title and year must. The beginning of a title is enough, so that a wrong
    subtitle is found and told. Another kind of publication (an erratum, a comment, a preprint) is another work. Where
    no result of its year fits, the only one that is the citation but for the year is taken.
    """
    # What it is filed under may be just what is wrong.
    bare = Facts.of(printed.model_copy(update=dict.fromkeys(IDENTIFIERS)))
    near: list[tuple[float, Citation]] = []
    misdated: list[Citation] = []
    for result in results:
        facts = Facts.of(result)
        if bare.title is None or facts.title is None:
            continue
        if apart(bare, facts):
            if not _clash(printed, result) and _only_misdated(bare, facts):
                misdated.append(result)
            continue
        likeness = title_likeness(printed.title or "", result.title or "")
        if _near(bare, facts, likeness) or _same_beginning(bare, facts, printed, result):
            near.append((likeness, result))
    if not near and len(misdated) == 1:
        return misdated[0]
    return max(near, key=lambda one: one[0], default=(0.0, None))[1]


def _near(one: Facts, other: Facts, likeness: float) -> bool:
    if one.author:
        return likeness >= CLOSE and bool(same_author(one, other))
    return likeness >= EQUAL and len(one.title.letters if one.title else "") >= OWN_LETTERS and one.year == other.year


def _same_beginning(one: Facts, other: Facts, printed: Citation, result: Citation) -> bool:
    beginning = read_title(printed.title or "").main
    same = beginning == read_title(result.title or "").main and len(beginning) >= OWN_LETTERS
    return same and bool(same_author(one, other)) and bool(one.year and other.year)


def _only_misdated(one: Facts, other: Facts) -> bool:
    """Whether nothing but the year tells two papers apart.

    An abstract and its article, a review and its update have one title and years between them. So the whole title and
    the first author must agree, and the place in print; a Cochrane review has one number in all its versions. Where
    the place is not known, the journal will do for a long title of a sort that does not appear again.
    """
    undated = replace(one, year=None)
    if one.title is None or other.title is None or one.kind is not other.kind or apart(undated, other):
        return False
    found = agreement_of(undated, other, Likeness.ALIKE)
    whole = likeness_of(one.title, other.title) is Likeness.EQUAL and bool(found.authors)
    if not whole or found.numbered or found.pages is False or found.volumes is False:
        return False
    once = own(one.title) and not (one.recurs or other.recurs)
    return found.placed or bool(found.journals and once)


def _clash(printed: Citation, result: Citation) -> bool:
    """Whether an identifier says that they are two works."""
    pairs = ((getattr(printed, name), getattr(result, name)) for name in IDENTIFIERS)
    return any(ours and theirs and ours != theirs for ours, theirs in pairs)
