"""What two citations agree in."""

import re
from dataclasses import dataclass

from kb.matching.facts import Facts
from kb.matching.likeness import Likeness
from kb.matching.names import same_author, same_journal

#: A Cochrane review's number stands where others have pages; all its versions share it. CD000026 is read as cd26.
REVIEW_NUMBER = re.compile(r"(?:cd|mr|ed)\d+")


@dataclass(frozen=True, slots=True)
class Agreement:
    """What two citations agree in. True, False, or None where it is unknown of one of the two."""

    likeness: Likeness
    authors: bool | None
    years: bool | None
    journals: bool | None
    volumes: bool | None
    issues: bool | None
    pages: bool | None
    #: Whether the first page stands for a version of the work: a review's number does not.
    numbered: bool

    @property
    def placed(self) -> bool:
        """Whether a place in print agrees. One paper begins on one page of a volume."""
        if not self.pages or self.volumes is False:
            return False
        if self.numbered:
            return self.issues is not False and bool(self.volumes or self.issues)
        return bool(self.volumes or self.journals)

    @property
    def issued(self) -> bool:
        """Whether, pages being unknown, all else of a place in print agrees.

        Without pages, a republished paper has all but the issue in common with the retracted one that it replaces.
        """
        return bool(self.journals and self.volumes and self.issues and self.pages is None)

    @property
    def place(self) -> str:
        """What agrees of the place in print, in words."""
        agreeing = (
            ("journal", self.journals),
            ("volume", self.volumes),
            ("issue", self.issues and self.issued),
            ("first page", self.pages),
        )
        return ", ".join(name for name, same in agreeing if same)

    @property
    def whole(self) -> bool:
        """Whether title, journal, volume and page agree: then author and year are not needed."""
        return bool(self.placed and self.journals and self.volumes and self.likeness is Likeness.EQUAL)


def agreement_of(one: Facts, other: Facts, likeness: Likeness) -> Agreement:
    """Compare two citations, field by field."""
    return Agreement(
        likeness=likeness,
        authors=same_author(one, other),
        years=same_value(one.year, other.year),
        journals=same_journal(one, other),
        volumes=same_value(one.volume, other.volume),
        issues=same_value(one.issue, other.issue),
        pages=same_value(one.page, other.page),
        numbered=any(REVIEW_NUMBER.fullmatch(facts.page or "") for facts in (one, other)),
    )


def same_value(one: object, other: object) -> bool | None:
    """Whether two values are one; None where one of them is unknown."""
    return None if one is None or other is None else one == other
