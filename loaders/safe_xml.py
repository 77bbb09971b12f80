"""XML that a stranger wrote: read a piece at a time, without entities of its own, other files or the network."""

import re
from importlib import import_module
from typing import Any

from schema.parsed import Problem

#: What is switched off in lxml's parsers: what could be abused, and what nobody needs.
SAFE = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "collect_ids": False,
    "remove_comments": True,
    "remove_pis": True,
}


def pull_parser(tag: str) -> Any:
    """Return lxml's pull parser of the elements with a tag, each at its end."""
    # lxml ships no types, and takes its time to import.
    return import_module("lxml.etree").XMLPullParser(events=("end",), tag=tag, **SAFE)


def let_go(element: Any) -> None:
    """Free an element that was read, with what stands before it."""
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]


def broken(error: Any, name: str, hint: str) -> Problem:
    """Return what to tell of lxml's XMLSyntaxError, with its line and column."""
    line, column = error.position
    message = re.sub(r", line \d+, column \d+$", "", str(error.msg or "no XML"))
    return Problem(f"{name}:{line or 1}:{column or 1}", f"the XML is broken: {message}. {hint}")
