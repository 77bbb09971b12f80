"""Audit: a patient-education page beside the evidence. Reads the graph, and writes nothing.

audit.py       what is found: references, statements, problems and their rules
read.py        a whole page, from the knowledge base or from a file
references.py  whether a printed reference is found, rightly quoted, and still stands
identify.py    which work it means, and what is held of that
recorded.py    what the sources once said of the work
online.py      what they say when asked now
printed.py     a reference and a citation field by field
topics.py      what a work is about
statements.py  a claim beside the answers of a release
language.py    whether a page is in English
subjects.py    the therapies and conditions that a text names
wording.py     how firmly a claim is put; harms
lexicon.py     the words by which that is told
sarif.py       the problems as SARIF
report.py      the report as a page to send
"""

from kb.audit.audit import RULES, Audit, AuditedReference, AuditedStatement, Level, Problem, Rule
from kb.audit.read import audit_page, audit_text

__all__ = [
    "RULES",
    "Audit",
    "AuditedReference",
    "AuditedStatement",
    "Level",
    "Problem",
    "Rule",
    "audit_page",
    "audit_text",
]
