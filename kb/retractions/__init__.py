"""Retractions, and what they touch.

impact.py   what a published answer, a review or a page would say if a citation stood differently
marks.py    what notices make of the citations they are about
notices.py  the notices that the graph's own citations make by their links
marking.py  find the marks, what they would change, and write them
"""

from kb.retractions.impact import AnswerChange, Impact, PageTouched, find_impact, suppose
from kb.retractions.marking import Marking, find_marking, write_marks
from kb.retractions.marks import Mark, find_marks
from kb.retractions.notices import known_pmids, link_notices, notices_of

__all__ = [
    "AnswerChange",
    "Impact",
    "Mark",
    "Marking",
    "PageTouched",
    "find_impact",
    "find_marking",
    "find_marks",
    "known_pmids",
    "link_notices",
    "notices_of",
    "suppose",
    "write_marks",
]
