"""Subjects: which therapies and conditions a text names, by the names of the vocabulary.

Names match at the borders of words, the longest first; what a longer name has taken, no shorter one takes again
("acute pain" inside "acute pain service"). Abbreviations count as they are written: ACT is no act.
"""

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field

from kb.evidence.evidence import Vocabulary
from schema.condition import Condition
from schema.therapy import Therapy

_WORD = re.compile(r"[^\W_]+")
#: An abbreviation longer than this is a word that may be written in small letters.
ABBREVIATION = 5


@dataclass(frozen=True, slots=True)
class Subjects:
    """What a text names, in the order in which it does."""

    therapies: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()


@dataclass
class Names:
    """Every name of the therapies and conditions of a vocabulary, to be found in texts."""

    #: Folded words of a name → what it names: (whether a therapy, id, the name where its capitals count).
    index: dict[tuple[str, ...], list[tuple[bool, str, str | None]]] = field(
        default_factory=lambda: defaultdict[tuple[str, ...], list[tuple[bool, str, str | None]]](list)
    )
    longest: int = 0

    @classmethod
    def of(cls, vocabulary: Vocabulary) -> "Names":
        """Collect the names, and their plurals."""
        found = cls()
        for is_therapy, records in ((True, vocabulary.therapies), (False, vocabulary.conditions)):
            for record in records.values():
                found._add_names_of(record, is_therapy, record.id)
        for (label, id), record in vocabulary.replaced.entries.items():
            found._add_names_of(record, label == "Therapy", vocabulary.replaced.current(label, id))
        return found

    def _add_names_of(self, record: Therapy | Condition, is_therapy: bool, id: str) -> None:
        for name in (record.name, *record.synonyms, *record.abbreviations):
            self._add(name, is_therapy, id)

    def _add(self, name: str, is_therapy: bool, id: str) -> None:
        words = tuple(folded for folded, _, _ in _words(name))
        if not words:
            return
        bare = re.sub(r"[\W_]", "", name)
        exact = bare if len(bare) <= ABBREVIATION and bare.isupper() else None
        for form in {words, (*words[:-1], words[-1] + "s")}:
            if (is_therapy, id, exact) not in self.index[form]:
                self.index[form].append((is_therapy, id, exact))
        self.longest = max(self.longest, len(words))

    def named_in(self, text: str) -> Subjects:
        """Return what a text names."""
        words = _words(text)
        therapies: dict[str, None] = {}
        conditions: dict[str, None] = {}
        at = 0
        while at < len(words):
            for length in range(min(self.longest, len(words) - at), 0, -1):
                span = words[at : at + length]
                written = re.sub(r"[\W_]", "", text[span[0][1] : span[-1][2]])
                named = [
                    (is_therapy, id)
                    for is_therapy, id, exact in self.index.get(tuple(one[0] for one in span), ())
                    if exact is None or written in (exact, f"{exact}s")
                ]
                if named:
                    for is_therapy, id in named:
                        (therapies if is_therapy else conditions)[id] = None
                    at += length
                    break
            else:
                at += 1
        return Subjects(tuple(therapies), tuple(conditions))


def _words(text: str) -> list[tuple[str, int, int]]:
    """Folded words with their places."""
    return [(_folded(match[0]), match.start(), match.end()) for match in _WORD.finditer(text)]


def _folded(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word).casefold()
    return "".join(letter for letter in plain if not unicodedata.combining(letter))
