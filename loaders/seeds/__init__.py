"""Seeds: the curated content of ``seeds/``, YAML that editors write by hand.

A file holds lists of entries under known top-level keys (``therapies``, ``studies`` …). Fields are those of the records
in ``schema``; a study holds its reports (``citations``) and results (``findings``), a page its ``statements`` and
``references``. Ids of citations, findings, statements and references are derived, so nobody types them.
"""

from loaders.seeds.checks import check
from loaders.seeds.entries import VERSION, detect, parse

__all__ = ["VERSION", "check", "detect", "parse"]
