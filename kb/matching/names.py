"""Names of people and journals: whether two are one."""

from kb.matching.facts import Facts, name_of


def same_author(one: Facts, other: Facts) -> bool | None:
    """Whether the first authors are one person: families agree (or the parts of a double name), and initials."""
    return _one_person(one.author, other.author) if one.author and other.author else None


def authors_agreeing(one: Facts, other: Facts) -> int | None:
    """Return how many authors agree, from the first on; None where two in one place are two people.

    Lists of different lengths disagree, unless the shorter is known to be cut short, or is a group without its members.
    """
    if bool(one.authors) != bool(other.authors):
        return 0
    for ours, theirs in zip(one.authors, other.authors, strict=False):
        if not _one_person(name_of(ours), name_of(theirs)):
            return None
    shorter, longer = sorted((one, other), key=lambda facts: len(facts.authors))
    agreeing = len(shorter.authors)
    group = agreeing == 1 and shorter.authors[0].collective is not None
    if agreeing == len(longer.authors) or group or not shorter.authors_complete:
        return agreeing
    return None


def _one_person(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    families = [{word for word in name if not word.startswith("=")} for name in (one, other)]
    initials = [{word for word in name if word.startswith("=")} for name in (one, other)]
    if all(initials) and initials[0] != initials[1]:
        return False
    # Particles and a second surname are printed or not: van der Berg, García López.
    shared = {word for word in families[0] & families[1] if len(word) > 3} | (
        {one[0]} & {other[0]} if one and other else set[str]()
    )
    return bool(shared)


def same_journal(one: Facts, other: Facts) -> bool | None:
    """Whether the journals are one: an ISSN, a name or its abbreviation agrees. None where one is unknown."""
    if one.issns & other.issns:
        return True
    if not one.journals or not other.journals:
        return None
    return any(_abbreviates(a, b) or _abbreviates(b, a) for a in one.journals for b in other.journals)


def _abbreviates(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """Whether the words of one name begin those of the other, all of them in order; or it is their initials."""
    if short == long or (len(short) == 1 and len(long) > 2 and short[0] == "".join(word[0] for word in long)):
        return True
    return len(short) == len(long) and all(
        full.startswith(word) or (word[0] == full[0] and len(word) > 1 and _drops_letters(word, full))
        for word, full in zip(short, long, strict=True)
    )


def _drops_letters(word: str, full: str) -> bool:
    """Whether an abbreviation like ``natl`` or ``assn`` keeps letters of the full word in order."""
    rest = iter(full)
    return all(letter in rest for letter in word)
