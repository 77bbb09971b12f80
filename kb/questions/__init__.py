"""Questions: what the API, the pages and the command line may ask. The only readers of the graph for them.

questions.py   one method per question
vocabulary.py  names, near names and hierarchies of one release
records.py     records as a release holds them
merged.py      where the ids of merged citations lead
paging.py      pages and cursors
"""

from kb.questions.paging import BadPage, Page, PageRequest
from kb.questions.questions import Questions

__all__ = ["BadPage", "Page", "PageRequest", "Questions"]
