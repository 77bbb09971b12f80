"""People as citation files write them: ``Shannon,Claude E.``, ``Liu R.``, ``Catarina Barata``, a group's name."""

import re
from collections.abc import Iterable
from typing import Any

from loaders.one_line import one_line

_INITIALS = re.compile(r"(?:[A-ZÀ-ÞĀ-Ž]\.?[\s-]?){1,4}")
_NO_DOTS = str.maketrans("", "", " .-")
_GROUP_WORDS = frozenset(
    {"group", "collaboration", "collaborative", "consortium", "organisation", "organization", "society", "committee",
     "association", "investigators", "university", "institute", "institutes", "network", "trialists", "agency",
     "department", "ministry", "center", "centers", "centre", "centres", "council", "college", "foundation", "board",
     "panel", "authority", "hospital", "academy", "federation", "team", "inc", "ltd", "programme", "program"}
)  # fmt: skip
_GROUP = re.compile(rf"\b(?:{'|'.join(sorted(_GROUP_WORDS))}|task force|working party)\b", re.IGNORECASE)
_NOBODY = frozenset(
    {"anonymous", "[anonymous]", "anon", "anon.", "no author", "no authors listed", "nan", "none", "n/a"}
)
_AND_OTHERS = re.compile(r"[,;]?\s*\b(?:et\s*al\.?|and others|others)\s*\.?$", re.IGNORECASE)
_OTHERS = ("al", "others")
_SCOPUS_NUMBER = re.compile(r"\s\(\d+\)$")
_SUFFIX = re.compile(r"(?:jr|sr|[1-4](?:st|nd|rd|th)|i{2,3}|iv)\.?", re.IGNORECASE)

Person = dict[str, Any]


def authors(names: Iterable[str]) -> tuple[list[Person], bool]:
    """Return the fields of each author, and whether the list is complete (no "et al." in it)."""
    found: list[Person] = []
    complete = True
    for name in names:
        bare = shorter = one_line(name)
        if bare.rstrip(" .")[-6:].casefold().endswith(_OTHERS):
            shorter = _AND_OTHERS.sub("", bare)
            complete = complete and shorter == bare
        if (fields := _person(shorter)) is not None:
            found.append(fields)
    return found, complete


def person(name: str) -> Person | None:
    """Return the fields of one author, or None for nobody (blank, "Anonymous").

    A comma parts family and given names (and the suffix); a comma at the end marks a group, as EndNote does. Without
    one: family name and initials, as PubMed and Embase print them, or given names first.
    """
    return _person(one_line(name))


def _person(text: str) -> Person | None:
    text = text.strip(" ;")
    if text.endswith(")"):
        # Scopus puts its number of the author behind the name.
        text = _SCOPUS_NUMBER.sub("", text)
    if not text.strip(" ,.;-*") or text.casefold() in _NOBODY:
        return None
    if text.endswith(","):
        return {"collective": text.rstrip(", ")}
    return _by_comma(text) if "," in text else _by_words(text)


def _by_words(text: str) -> Person:
    words = text.split(" ")
    if len(words) == 1:
        return {"family": text}
    if len(words) > 2 and _SUFFIX.fullmatch(words[-1]) and (fields := _person(" ".join(words[:-1]))):
        return {**fields, "suffix": words[-1]}
    if _INITIALS.fullmatch(words[-1]):
        return _named(" ".join(words[:-1]), words[-1])
    if _GROUP.search(text) or len(words) > 5 or words[0].casefold() == "the":
        return {"collective": text}
    # Given names first: the family name begins at a particle (``van``), else it is the last word.
    start = next((at for at, word in enumerate(words[1:-1], 1) if word.islower()), len(words) - 1)
    return _named(" ".join(words[start:]), " ".join(words[:start]))


def _by_comma(text: str) -> Person | None:
    family, *rest = [part.strip() for part in text.split(",")]
    rest = [part for part in rest if part]
    if not family:
        return _person(" ".join(rest)) if rest else None
    # With one comma, what stands before it tells a group.
    if _names_group(family) or (len(rest) > 1 and _GROUP.search(text)):
        return {"collective": text}
    suffix = next(filter(_SUFFIX.fullmatch, rest), None)
    if suffix:
        rest.remove(suffix)
    return _named(family, " ".join(rest), suffix)


def _names_group(family: str) -> bool:
    # One word, as most family names are, is looked up faster than it is searched.
    if family.isascii() and family.isalpha():
        return family.lower() in _GROUP_WORDS
    return bool(_GROUP.search(family))


def _named(family: str, given: str, suffix: str | None = None) -> Person:
    fields: Person = {"family": family}
    if given:
        if _INITIALS.fullmatch(given):
            fields["initials"] = given.translate(_NO_DOTS)
        else:
            fields["given"] = given
            if initials := "".join([word[0] for word in given.replace("-", " ").split() if word[0].isupper()]):
                fields["initials"] = initials
    if suffix:
        fields["suffix"] = suffix
    return fields


_QUOTED = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"")
_SHORT_NAME = re.compile(r"\S.*\s(?:[^\W\d_]\.?[\s-]?){1,4}")


def listed(text: str) -> list[str]:
    """Return the names of a list in one cell.

    ``['Marx, Karl', 'Lindgren, Astrid']``; parted by semicolons or bars; ``Kapural L, Yu C``;
    ``Labanski, A., Engler, H.``; ``John Smith, Jane Doe``. What cannot be told apart stays one name.
    """
    bare = text.strip().rstrip(".") if text.count(",") else text.strip()
    if bare.startswith("["):
        return [(match[1] or match[2] or "").strip() for match in _QUOTED.finditer(text)]
    for delimiter in (";", "|", "\n"):
        if delimiter in bare:
            return [part.strip() for part in bare.split(delimiter) if part.strip()]
    if " and " in bare and not _GROUP.search(bare):
        return [part.strip(" ,") for part in re.split(r"\s+and\s+|,\s*and\s+", bare)]
    parts = [part.strip() for part in bare.split(",") if part.strip()]
    if len(parts) > 2 and len(parts) % 2 == 0 and all(_INITIALS.fullmatch(part) for part in parts[1::2]):
        return [f"{family}, {initials}" for family, initials in zip(parts[::2], parts[1::2], strict=True)]
    if len(parts) > 1 and (
        all(map(_SHORT_NAME.fullmatch, parts)) or (len(parts) > 2 and all(" " in part for part in parts))
    ):
        return parts
    return [bare] if bare else []
