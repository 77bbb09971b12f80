"""Duplicates: what a person decides of citations that may be one paper, and how it is done and undone.

settle.py     merge two citations, keep two apart, split a wrong merge
rewriting.py  one decision as one transaction
"""

from kb.duplicates.settle import keep_apart, merge_two, split

__all__ = ["keep_apart", "merge_two", "split"]
