"""Questions: what the API, the pages and the command line may ask. The only readers of the graph for them.

questions.py   what every question begins with: a release, names, single records
summaries.py   our answers, and the versions that each has been through
studies.py     studies by therapy, condition and dose
gaps.py        what is not known
changes.py     answers of two releases, before and after
reasons.py     why an answer changed
collection.py  many answers with the names of what they rest on
feed.py        what each release changed
receipts.py    what was shown, to be checked later
answers.py     whole answers with what they rest on
replacements.py  what was merged into what between two releases
vocabulary.py  names, near names and hierarchies of one release
pairs.py       gene-drug pairs
pages.py       patient-education pages, their statements and references
trials.py      registered trials, and those without results
records.py     records as a release holds them
checks.py      what bibliographic sources held against citations
merged.py      where the ids of merged citations lead
paging.py      pages and cursors
"""

from kb.questions.paging import BadPage, Page, PageRequest
from kb.questions.questions import Questions

__all__ = ["BadPage", "Page", "PageRequest", "Questions"]
