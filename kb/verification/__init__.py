"""Verification: whether citations are as the bibliographic sources have them.

compare.py  a citation as printed and as found, field by field; pure
closest.py  which result of a search is the work; pure
reply.py    what a source said, and how sources are asked
judge.py    the check of each source, and the verdict over all; pure
verify.py   ask, judge, write
"""

from kb.verification.compare import compare
from kb.verification.judge import NAMES, Verdict, another_work, check_of, verdict_of
from kb.verification.reply import Asking, Reply
from kb.verification.verify import Report, Verified, citation_keys, verify

__all__ = [
    "NAMES",
    "Asking",
    "Reply",
    "Report",
    "Verdict",
    "Verified",
    "another_work",
    "check_of",
    "citation_keys",
    "compare",
    "verdict_of",
    "verify",
]
