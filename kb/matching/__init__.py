"""Matching: which citations are one paper where their identifiers do not say. Pure; asks no graph.

titles.py   titles made comparable
kinds.py    notices, comments, protocols, preprints … and reports
facts.py    what two citations are compared by, each made comparable
verdict.py  SAME, UNSURE or DIFFERENT, with the reason
keys.py     where to look for citations that may be the same
groups.py   a batch of citations against those that are there
"""

from kb.matching.facts import Facts
from kb.matching.groups import Candidate, Grouping, Pair, group
from kb.matching.keys import KEYS, VERSION, keys_of, match_keys
from kb.matching.verdict import Answer, Verdict, compare, facts_clash

__all__ = [
    "KEYS",
    "VERSION",
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
