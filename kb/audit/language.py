"""Language: whether a text is in English, in which alone wording is judged."""

import re

#: Words that English uses all the time and the languages around it do not.
COMMON = frozenset(
    {"the", "and", "that", "with", "for", "are", "you", "your", "this", "these", "from", "not", "have", "has", "which",
     "by", "can", "may", "there", "their", "they", "it", "when", "should", "will", "or", "to"}
)  # fmt: skip
#: Their share of the words: about a quarter in English pages on health, and next to none in other languages.
SHARE = 0.06
#: Letters below which a text says nothing of its language.
FEW = 150

_WORD = re.compile(r"[^\W\d_]+")


def in_english(text: str) -> bool:
    """Return whether a text is in English, as far as its commonest words tell; a few words count as English."""
    words = _WORD.findall(text.casefold())
    if sum(map(len, words)) < FEW:
        return True
    return sum(word in COMMON for word in words) >= SHARE * len(words)
