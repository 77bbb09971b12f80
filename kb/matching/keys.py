"""Match keys: where to look for citations that may be the same paper.

Each citation has up to three, kept with it in the graph and indexed there: its title; its first author, year and first
page; its first author, year and the beginning of its title. Two citations that agree in one of them are compared, all
others are not: matching costs with the batch, however large the graph is. They are made of what is common to the ways
in which one paper is printed; a misprint in one key leaves another.
"""

from hashlib import sha256

from kb.matching.facts import Facts
from kb.matching.likeness import OWN_LETTERS
from schema.citation import Citation
from schema.record import MATCH_KEYS

KEYS = MATCH_KEYS

#: To be raised with every change of the keys (or of titles.py): those in a graph are then made again.
VERSION = "1"

#: Letters of a title's beginning.
BEGINNING = 12


def match_keys(citation: Citation) -> dict[str, str]:
    """Return the keys of a citation by the property that holds each; one that cannot be made is left out."""
    return keys_of(Facts.of(citation))


def keys_of(facts: Facts) -> dict[str, str]:
    """Return the keys of a citation's facts."""
    found: dict[str, str] = {}
    if facts.title is None:
        return found
    title = facts.title.main if len(facts.title.main) >= OWN_LETTERS else facts.title.letters
    by = f"{facts.family}|{facts.year}" if facts.author and facts.year else ""
    if len(title) >= OWN_LETTERS:
        found["match_title"] = _short(title)
    elif by:
        # Many papers are called "Reply": only those of one author and year are worth a look.
        found["match_title"] = _short(f"{title}|{by}")
    if by:
        found["match_beginning"] = _short(f"{by}|{facts.title.letters[:BEGINNING]}")
        if facts.page:
            found["match_page"] = _short(f"{by}|{facts.page}")
    return found


def _short(text: str) -> str:
    return sha256(text.encode("utf-8", errors="replace")).hexdigest()[:20]
