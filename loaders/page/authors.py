"""Authors as references print them: family names, or the name of a group."""

import re

_OTHERS = re.compile(r",?\s*\bet\s+al\b\.?,?|…|\.\.\.|,?\s*\b(?:and|&) others\b", re.IGNORECASE)
#: ``Smith, M. T.``, ``Lee, S.-H.``, ``Østergård, Å.``
_INVERTED = re.compile(r"(?P<family>[^\W\d_][^,;&]*?),\s*(?:[^\W\d_]\.[\s-]*)+")
#: ``Smith MT``, ``van der Berg P``, ``Smith MT Jr``
_PLAIN = re.compile(
    r"(?P<family>[^\W\d_][\w'’ʼ .-]*?)\s+(?P<initials>[^\W\d_]{1,4})(?:\s+(?:Jr|Sr|\d(?:st|nd|rd)))?"  # noqa: RUF001
)
_GROUP = re.compile(
    r"\b(?:group|society|committee|association|organi[sz]ation|institutes?|consortium|collaborat\w+|network|college|"
    r"investigators|academy|agency|department|ministry|cent(?:er|re)s?|council|foundation|task force|panel|university|"
    r"services?|board|initiative|federation|administration|trialists)\b",
    re.IGNORECASE,
)
#: Words of the longest name of a group.
LONGEST_GROUP = 16


def read_authors(text: str) -> tuple[str, ...]:
    """Return the family names of ``Smith, M. T., & Jones, A.`` and of ``Smith MT, Jones A``, or the group that it is.

    Empty where neither is certain.
    """
    bare = _OTHERS.sub("", text).strip(" .,;")
    inverted = [one["family"] for one in _INVERTED.finditer(f"{bare}." if bare else "")]
    if inverted:
        return tuple(re.sub(r"^(?:and|und|et|y)\s+", "", name.strip(" &")) for name in inverted)
    names = [part.strip() for part in re.split(r"[,;]\s*(?:&\s*|and\s+)?|\s+(?:&|and)\s+", bare) if part.strip()]
    people = [one for name in names if (one := _PLAIN.fullmatch(name)) and one["initials"].isupper()]
    if people and people[0][0] == names[0]:
        return tuple(one["family"] for one in people)
    return (bare,) if is_group(bare) else ()


def read_full_names(text: str) -> tuple[str, ...]:
    """Return the family names of ``Smith, Michael T., and Jennifer A. Other``; the first alone is turned round."""
    bare = _OTHERS.sub("", text).strip(" .,;")
    if found := read_authors(text):
        return found
    first, _, rest = bare.partition(",")
    if not re.fullmatch(r"[^\W\d_][\w'’ -]*", first) or len(first.split()) > 3:
        return ()
    others = re.split(r",\s*(?:and\s+)?|\s+and\s+", rest.strip())
    # What follows the first comma is the first author's given name.
    return (first.strip(), *(name.split()[-1] for name in others[1:] if len(name.split()) > 1))


def is_group(text: str) -> bool:
    """Return whether a text is the name of a group, and nothing but that."""
    return bool(_GROUP.search(text)) and len(text.split()) <= LONGEST_GROUP
