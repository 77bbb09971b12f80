"""People as citation files write them: ``Shannon,Claude E.``, ``Liu R.``, ``Catarina Barata``, a group's name."""

import re
from collections.abc import Iterable
from typing import Any

from loaders.one_line import one_line

_INITIALS = re.compile(r"(?:[A-ZÀ-ÞĀ-Ž]\.?[\s-]?){1,4}")
_INITIAL = re.compile(r"[A-ZÀ-ÞĀ-Ž]\.?")
_NO_DOTS = str.maketrans("", "", " .-")
_GROUP_WORDS = frozenset(
    {"group", "collaboration", "collaborative", "consortium", "organisation", "organization", "society", "committee",
     "association", "investigators", "university", "institute", "institutes", "network", "trialists", "agency",
     "department", "ministry", "center", "centers", "centre", "centres", "council", "college", "foundation", "board",
     "panel", "authority", "hospital", "academy", "federation", "team", "inc", "ltd", "programme", "program"}
)  # fmt: skip
# Words of a name that may be one, "task force" and "working party" with them.
_GROUP_PARTS = _GROUP_WORDS | {"force", "party"}
_GROUP = re.compile(rf"\b(?:{'|'.join(sorted(_GROUP_WORDS))}|task force|working party)\b", re.IGNORECASE)
_NOBODY = frozenset(
    {"anonymous", "[anonymous]", "anon", "anon.", "no author", "no authors listed", "nan", "none", "n/a"}
)
_AND_OTHERS = re.compile(r"[,;]?\s*\b(?:et\s*al\.?|and others|others)\s*\.?$", re.IGNORECASE)
_DEGREE = re.compile(r"(?:m\.?d|ph\.?d|d\.?o|m\.?sc|m\.?s|b\.?s|r\.?n|m\.?p\.?h|d\.?p\.?t|p\.?t)\.?", re.IGNORECASE)
# How that ends.
_OTHERS_END = ("tal", "t al", "others")
_SCOPUS_NUMBER = re.compile(r"\s\(\d+\)$")
_ODD_END = frozenset(" ;),")
_SUFFIX = re.compile(r"(?:jr|sr|[1-4](?:st|nd|rd|th)|i{2,3}|iv)\.?", re.IGNORECASE)

# ``Shannon, Claude E.``, ``van der Berg, J. P.`` and ``Edwards L.``, as most names are: 1 the family name, 2 the given
# ones, 3 or 4 the initials. What may be a group, a suffix or "others" is left to the rules.
_LETTER = "A-Za-zÀ-ÖØ-öø-įĲ-ž"
_USUAL = re.compile(
    rf"([{_LETTER}]+(?:[ -][{_LETTER}]{{2,}})*)"
    r"(?:, ?(?:([A-Z][a-z]+(?: [A-Z][A-Za-z.]*)*)|((?:[A-Z]\.? ?){1,4}))| ((?:[A-Z]\.?){1,4}))"
)
_NOT_USUAL = frozenset({"jr", "sr", "ii", "iii", "iv"})
# Characters of a longer one may take more memory to match than the text.
_LONGEST_USUAL = 100

Person = dict[str, Any]


def authors(names: Iterable[str]) -> tuple[list[Person], bool]:
    """Return the fields of each author, and whether the list is complete (no "et al." in it)."""
    found: list[Person] = []
    complete = True
    for name in names:
        if fields := _usual(name):
            found.append(fields)
            continue
        bare = one_line(name)
        ending = bare[-12:].rstrip(" .").casefold()
        if ending.endswith(_OTHERS_END) and (shorter := _AND_OTHERS.sub("", bare)) != bare:
            bare, complete = shorter, False
        if (fields := _person(bare)) is not None:
            found.append(fields)
    return found, complete


def authors_in_text(text: str, warnings: list[str]) -> tuple[list[Person], bool]:
    """Return the same for names that stand in one text; what cannot be told apart is told."""
    people = listed(text)
    if run_together := [name for name in people if not is_one(name)]:
        told = f"the authors {run_together[0][:60]!r} cannot be told apart, the first family name alone is kept"
        warnings.append(f"{told}: part them by semicolons")
        people = [*(name if is_one(name) else name.partition(",")[0] for name in people), "et al."]
    return authors(people)


def person(name: str) -> Person | None:
    """Return the fields of one author, or None for nobody (blank, "Anonymous").

    A comma parts family and given names (and the suffix); a comma at the end marks a group, as EndNote does. Without
    one: family name and initials, as PubMed and Embase print them, or given names first.
    """
    return _usual(name) or _person(one_line(name))


def _usual(name: str) -> Person | None:
    """What the rules below make of most names, more quickly."""
    if len(name) <= _LONGEST_USUAL and (match := _USUAL.fullmatch(name)):
        family, given, *initials = match.groups()
        short = given or initials[0] or initials[1]
        bare = short.rstrip(". ").lower()
        usual = bare.rpartition(" ")[2] not in _NOT_USUAL and not bare.endswith(("al", "others"))
        if usual and not _may_be_group(family):
            if not given:
                return {"family": family, "initials": short.translate(_NO_DOTS)}
            first = "".join([word[0] for word in given.split(" ")]) if " " in given else given[0]
            return {"family": family, "given": given, "initials": first}
    return None


def _may_be_group(family: str) -> bool:
    if family.isalpha():
        return family.lower() in _GROUP_WORDS
    return not _GROUP_PARTS.isdisjoint(family.lower().replace("-", " ").split(" "))


def _person(text: str) -> Person | None:
    if text[-1:] in _ODD_END or not text[:1].isalpha():
        text = text.strip(" ;")
        # Scopus puts its number of the author behind the name.
        text = _SCOPUS_NUMBER.sub("", text)
        if not text.strip(" ,.;-*"):
            return None
        if text.endswith(","):
            return {"collective": text.rstrip(", ")}
    return _by_comma(text) if "," in text else _by_words(text)


def _by_words(text: str) -> Person | None:
    if text.casefold() in _NOBODY:
        return None
    words = text.split(" ")
    if len(words) == 1:
        return {"family": text}
    if len(words) > 2 and _SUFFIX.fullmatch(words[-1]) and (fields := _person(" ".join(words[:-1]))):
        return {**fields, "suffix": words[-1]}
    if _INITIALS.fullmatch(words[-1]):
        # ``Smith J. A.``: each initial may stand by itself.
        start = len(words) - 1
        while start > 1 and _INITIAL.fullmatch(words[start - 1]):
            start -= 1
        return _named(" ".join(words[:start]), " ".join(words[start:]))
    if _GROUP.search(text) or len(words) > 5 or words[0].casefold() == "the":
        return {"collective": text}
    # Given names first: the family name begins at a particle (``van``), else it is the last word.
    start = next((at for at, word in enumerate(words[1:-1], 1) if word.islower()), len(words) - 1)
    return _named(" ".join(words[start:]), " ".join(words[:start]))


def _by_comma(text: str) -> Person | None:
    family, _, given = [part.strip() for part in text.partition(",")]
    if "," in given:
        return _by_commas(text)
    if not family:
        return _person(given) if given else None
    if _names_group(family):
        return {"collective": text}
    # ``Smith, John A Jr`` is how PubMed prints it.
    rest, _, last = given.rpartition(" ")
    return _named(family, rest, last) if _is_suffix(last) else _named(family, given)


def _by_commas(text: str) -> Person | None:
    """More than one comma: ``Barker, P., Jr``, ``Hewlett-Packard, Ltd, Research``."""
    family, *rest = [part.strip() for part in text.split(",")]
    rest = [part for part in rest if part]
    if not family:
        return _person(" ".join(rest)) if rest else None
    if _names_group(family) or (len(rest) > 1 and _GROUP.search(text)):
        return {"collective": text}
    rest[1:] = [part for part in rest[1:] if not _DEGREE.fullmatch(part)]
    suffix = next(filter(_is_suffix, rest), None)
    if suffix:
        rest.remove(suffix)
    return _named(family, " ".join(rest), suffix)


def _is_suffix(text: str) -> bool:
    return len(text) < 5 and bool(_SUFFIX.fullmatch(text))


def _names_group(family: str) -> bool:
    # One word, as most family names are, is looked up faster than it is searched.
    if family.isascii() and family.isalpha():
        return family.lower() in _GROUP_WORDS
    return bool(_GROUP.search(family))


def _named(family: str, given: str, suffix: str | None = None) -> Person:
    fields: Person = {"family": family}
    # A name in full (``Claude E.``) is told quickly by its second letter.
    if "a" <= given[1:2] <= "z" or not _INITIALS.fullmatch(given):
        if given:
            fields["given"] = given
        words = [given] if given.isalpha() else given.replace("-", " ").split()
        if initials := "".join([word[0] for word in words if word[0].isupper()]):
            fields["initials"] = initials
    else:
        fields["initials"] = given.translate(_NO_DOTS)
    if suffix:
        fields["suffix"] = suffix
    return fields


_QUOTED = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"")
# ``Kapural L``, ``van der Berg J-P``, ``Smith JA 3rd``; the other way round ``J. A. Smith``.
_SHORT_NAME = re.compile(rf"(?=.*[^\W\d_]{{2}})[^\W\d_].*\s{_INITIALS.pattern}(?:\s{_SUFFIX.pattern})?")
_SHORT_FIRST = re.compile(r"(?:[^\W\d_]\.[\s-]?){1,4}[^\W\d_]{2}.*")
_JOINED = re.compile(r",?\s+(?:and|&)\s+", re.IGNORECASE)


def listed(text: str) -> list[str]:
    """Return the names of a list in one cell.

    ``['Marx, Karl', 'Lindgren, Astrid']``; parted by semicolons or bars; ``Kapural L, Yu C; SENZA Group``;
    ``Labanski, A., Engler, H. & Roe, R.``; ``J. Smith, J. Doe``; ``John Smith, Jane Doe, Jo Roe``. What cannot be told
    apart stays one name.
    """
    bare = text.strip().rstrip(".") if text.count(",") else text.strip()
    if bare.startswith("["):
        return [(match[1] or match[2] or "").strip() for match in _QUOTED.finditer(text)]
    for delimiter in (";", "|", "\n"):
        if delimiter in bare:
            return [name for part in bare.split(delimiter) if part.strip() for name in _short_names(part.strip())]
    parts = _JOINED.split(bare)
    # A group may have the word in its name: ``Department of Health and Human Services``.
    if len(parts) > 1 and (not _GROUP.search(bare) or _by_surname(parts[0])):
        return [name for part in parts if part.strip() for name in _by_commas_listed(part.strip(" ,"))]
    return _by_commas_listed(bare)


def is_one(name: str) -> bool:
    """Tell whether a name can be one author's: ``Smith, John, Doe, Jane`` are several, nobody knows how many."""
    given = [part.strip() for part in _AND_OTHERS.sub("", name).split(",")[1:]]
    more = [part for part in given if part and not _is_suffix(part) and not _DEGREE.fullmatch(part)]
    return len(more) < 2 or bool(_GROUP.search(name))


def _by_surname(part: str) -> bool:
    family, comma, given = part.partition(",")
    return bool(comma and given.strip() and not _GROUP.search(family))


def _short_names(text: str) -> list[str]:
    """Names as PubMed prints them, which its own list parts by commas and from groups by a semicolon."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    return parts if all(map(_SHORT_NAME.fullmatch, parts)) else [text]


def _by_commas_listed(bare: str) -> list[str]:
    parts = [part.strip() for part in bare.split(",") if part.strip()]
    if len(parts) > 2 and len(parts) % 2 == 0 and all(_INITIALS.fullmatch(part) for part in parts[1::2]):
        return [f"{family}, {initials}" for family, initials in zip(parts[::2], parts[1::2], strict=True)]
    if len(parts) > 1 and (
        all(map(_SHORT_NAME.fullmatch, parts))
        or all(map(_SHORT_FIRST.fullmatch, parts))
        or (len(parts) > 2 and all(" " in part for part in parts))
    ):
        return parts
    return [bare] if bare else []
