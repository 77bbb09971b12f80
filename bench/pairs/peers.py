"""What other libraries say of the very same pairs."""

import json
import subprocess
from collections.abc import Sequence
from contextlib import redirect_stdout
from importlib import import_module
from io import StringIO
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.pairs.real import Labelled
from kb.matching import Answer
from schema.citation import Citation


def bib_dedupe_says(pairs: Sequence[Labelled]) -> list[Answer] | None:
    """Return for each pair what bib-dedupe calls the two (a maybe is UNSURE); None where it is not installed."""
    try:
        # Neither has type stubs.
        pandas: Any = import_module("pandas")
        bib_dedupe: Any = import_module("bib_dedupe.bib_dedupe")
    except ImportError:
        return None
    said: list[Answer] = []
    # Each sort by itself: it compares all records that it is given, and those of one paper are in many pairs.
    for _, some in groupby(pairs, key=lambda pair: pair.kind):
        said += _of_one_kind(list(some), pandas, bib_dedupe)
    return said


def _of_one_kind(pairs: Sequence[Labelled], pandas: Any, bib_dedupe: Any) -> list[Answer]:
    ids: dict[int, str] = {}
    rows: list[dict[str, str]] = []
    for pair in pairs:
        for one in (pair.one, pair.other):
            if id(one) not in ids:
                ids[id(one)] = str(len(ids))
                rows.append({"ID": ids[id(one)], **as_bibtex(one)})
    with redirect_stdout(StringIO()):
        ready = bib_dedupe.prep(pandas.DataFrame(rows), verbosity_level=0, cpu=1)
        # Its own blocking decides what it looks at, as ours does.
        blocked = bib_dedupe.block(ready, verbosity_level=0, cpu=1)
        matched = bib_dedupe.match(blocked, verbosity_level=0, cpu=1)
    labels = {"duplicate": Answer.SAME, "maybe": Answer.UNSURE}
    found = {
        frozenset((str(row["ID_1"]), str(row["ID_2"]))): labels.get(row["duplicate_label"], Answer.DIFFERENT)
        for row in matched.to_dict("records")
    }
    return [found.get(frozenset((ids[id(pair.one)], ids[id(pair.other)])), Answer.DIFFERENT) for pair in pairs]


def as_bibtex(one: Citation) -> dict[str, str]:
    """Return a record with the field names that bib-dedupe reads."""
    names = [
        author.collective or ", ".join(filter(None, (author.family, author.given or author.initials)))
        for author in one.authors
    ]
    return {
        "ENTRYTYPE": "article",
        "title": one.title or "",
        "author": " and ".join(names),
        "year": str(one.year or ""),
        "journal": one.journal or one.journal_abbreviation or "",
        "volume": one.volume or "",
        "number": one.issue or "",
        "pages": (one.pages or "").replace("-", "--"),
        "doi": one.doi or "",
        "abstract": " ".join(part.text for part in one.abstract),
    }


def asreview_says(pairs: Sequence[Labelled], python: Path) -> list[Answer]:
    """Return for each pair whether ASReview calls the two duplicates. ``python``: of an environment that has it."""
    columns = ("title", "abstract", "doi")
    rows = [[[as_bibtex(one)[name] for name in columns] for one in (pair.one, pair.other)] for pair in pairs]
    child = [python.absolute(), Path(__file__).absolute().with_name("asreview_duplicated.py")]
    # It leaves a file where it is started.
    with TemporaryDirectory() as folder:
        told = subprocess.run(
            child, input=json.dumps(rows), capture_output=True, text=True, check=True, timeout=1_800, cwd=folder
        )
    return [Answer.SAME if same else Answer.DIFFERENT for same in json.loads(told.stdout)]
