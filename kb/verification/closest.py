"""The one among the results of a search that is the citation as printed; none rather than a wrong one."""

from collections.abc import Iterable

from kb.matching import Facts
from kb.matching.likeness import OWN_LETTERS
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
    subtitle is found and told. Another kind of publication (an erratum, a comment, a preprint) is another work.
    """
    # What it is filed under may be just what is wrong.
    bare = Facts.of(printed.model_copy(update=dict.fromkeys(IDENTIFIERS)))
    near: list[tuple[float, Citation]] = []
    for result in results:
        facts = Facts.of(result)
        if bare.title is None or facts.title is None or apart(bare, facts):
            continue
        likeness = title_likeness(printed.title or "", result.title or "")
        if _near(bare, facts, likeness) or _same_beginning(bare, facts, printed, result):
            near.append((likeness, result))
    return max(near, key=lambda one: one[0], default=(0.0, None))[1]


def _near(one: Facts, other: Facts, likeness: float) -> bool:
    if one.author:
        return likeness >= CLOSE and bool(same_author(one, other))
    return likeness >= EQUAL and len(one.title.letters if one.title else "") >= OWN_LETTERS and one.year == other.year


def _same_beginning(one: Facts, other: Facts, printed: Citation, result: Citation) -> bool:
    beginning = read_title(printed.title or "").main
    same = beginning == read_title(result.title or "").main and len(beginning) >= OWN_LETTERS
    return same and bool(same_author(one, other)) and bool(one.year and other.year)
