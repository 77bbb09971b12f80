"""Matching: which citations are one paper where their identifiers do not say. Pure; asks no graph.

titles.py    titles made comparable
kinds.py     notices, comments, protocols, preprints … and reports
facts.py     what two citations are compared by, each made comparable
likeness.py  how two titles agree
names.py     whether two authors, two lists of authors, two journals are one
agreement.py what two citations agree in
unplaced.py  what is needed where no place in print is known to agree
verdict.py   SAME, SOLE, UNSURE or DIFFERENT, with the reason
keys.py      where to look for citations that may be the same
links.py     the verdicts of a batch
groups.py    a batch of citations against those that are there
"""

from kb.matching.facts import Facts
from kb.matching.groups import Absorbed, Candidate, Grouping, Pair, group
from kb.matching.keys import KEYS, VERSION, keys_of, match_keys
from kb.matching.verdict import Answer, Verdict, compare, facts_clash

__all__ = [
    "KEYS",
    "VERSION",
    "Absorbed",
    "Answer",
    "Candidate",
    "Facts",
    "Grouping",
    "Pair",
    "Verdict",
    "compare",
    "facts_clash",
    "group",
    "keys_of",
    "match_keys",
]
