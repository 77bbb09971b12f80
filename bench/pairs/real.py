"""Labelled pairs of the reference material and the seeds, and the hand-made ones of the tests."""

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from hashlib import sha256
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import yaml
from rapidfuzz import fuzz, process

from kb.cli.sources import gather, sources_of
from kb.matching import Facts
from loaders.fetch.client import Access
from schema.citation import Author, Citation, Retraction
from schema.parsed import Parsed
from schema.records import IDENTIFIERS
from schema.terms import RetractionState

HAND_MADE = Path(__file__).parents[2] / "tests" / "fixtures" / "matching" / "pairs.yaml"


@dataclass(frozen=True)
class Labelled:
    """Two records and whether they are one paper."""

    kind: str
    one: Citation
    other: Citation
    same: bool
    #: Whether the second was made from the first as another paper that looks like it.
    look_alike: bool = False


def read_works(folders: Iterable[Path]) -> Iterator[list[Citation]]:
    """Yield the papers of some folders that have an identifier and a title: the records of each."""
    parent: dict[str, str] = {}

    def root(key: str) -> str:
        while parent.setdefault(key, key) != key:
            key = parent[key]
        return key

    records: list[Citation] = []
    for folder in folders:
        with ExitStack() as held:
            inputs = gather([folder], None, Access, held)
        for source in sources_of(inputs):
            for one in source.parse():
                if isinstance(one, Parsed) and isinstance(one.record, Citation) and one.record.title:
                    keys = [f"{name}:{value}" for name in IDENTIFIERS if (value := getattr(one.record, name))]
                    if keys and (one.record.authors or one.record.year):
                        records.append(one.record)
                        for a, b in pairwise(keys):
                            parent[root(a)] = root(b)
    works: dict[str, dict[str, Citation]] = defaultdict(dict)
    for one in records:
        key = next(f"{name}:{value}" for name in IDENTIFIERS if (value := getattr(one, name)))
        works[root(key)].setdefault(one.content_hash(), one)
    yield from (list(some.values()) for some in works.values())


def bare(record: Citation, mark: str) -> Citation:
    """Return a record without its identifiers, as an export without them gives it."""
    blank = dict.fromkeys((*IDENTIFIERS, "source_url"))
    return record.model_copy(update={"id": f"local:{mark}", "issns": (), **blank})


def hand_made() -> Iterator[Labelled]:
    """Yield the hand-made pairs; those that a person must decide count as two papers: they may not be merged."""
    rows: list[dict[str, Any]] = yaml.safe_load(HAND_MADE.read_text(encoding="utf-8"))
    for place, row in enumerate(rows):
        records: list[Citation] = []
        for mark, given in (("a", row["one"]), ("b", row["one"] | row["other"])):
            fields: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
            names = [name.rsplit(" ", 1) for name in fields.pop("author", "").split(", ") if name]
            fields["authors"] = tuple(Author(family=family, initials=initials) for family, initials in names)
            if year := fields.pop("retracted", None):
                fields["retraction"] = Retraction(state=RetractionState.RETRACTED, date=str(year))
            records.append(Citation.model_validate({"id": f"local:hand-{place}-{mark}", **fields}))
        yield Labelled("hand-made", records[0], records[1], row["expect"] in ("SAME", "SOLE"))


def between_files(works: Sequence[Sequence[Citation]]) -> Iterator[Labelled]:
    """Yield the records of one paper in several files; the second loses its identifiers."""
    for place, records in enumerate(works):
        for number, (one, other) in enumerate(combinations(records[:4], 2)):
            yield Labelled("one paper in several files", one, bare(other, f"file-{place}-{number}"), same=True)


def twins(works: Sequence[Sequence[Citation]], reprints: Sequence[Citation]) -> Iterator[Labelled]:
    """Yield each paper with a twin as another export might print it, in two halves by a hash of the title."""
    for half in (0, 1):
        for records, twin in zip(works, reprints, strict=True):
            paper = records[0]
            if paper.authors and paper.year and sha256((paper.title or "").encode()).digest()[0] % 2 == half:
                yield Labelled(f"twins of other exports, {'ab'[half]}", paper, twin, same=True)


def alike(works: Sequence[Sequence[Citation]], reprints: Sequence[Citation]) -> Iterator[Labelled]:
    """Yield papers that are alike but two: one first author, or a like title.

    Of the second there is the record, its twin, or what a bare list of references has of it.
    """
    chosen = [records[0] for records in works]
    others = [
        [bare(one, f"bare-{place}") for place, one in enumerate(chosen)],
        reprints,
        [unplaced(one, f"unplaced-{place}") for place, one in enumerate(chosen)],
    ]
    facts = [Facts.of(one) for one in chosen]
    letters = [one.title.letters if one.title else "" for one in facts]
    likeness = process.cdist(letters, letters, scorer=fuzz.ratio, score_cutoff=60)
    places: dict[str, list[int]] = defaultdict(list)
    for place, one in enumerate(facts):
        places[one.family].append(place)
    found = {(a, b) for a, b in combinations(range(len(chosen)), 2) if likeness[a, b]}
    for name, some in places.items():
        if name:
            found |= set(combinations(some, 2))
    for a, b in sorted(found):
        # Two papers for certain: one kind of identifier says so.
        if any(getattr(chosen[a], name) and getattr(chosen[b], name) for name in IDENTIFIERS):
            for some in others:
                yield Labelled("papers that are alike", chosen[a], some[b], same=False)
                yield Labelled("papers that are alike", chosen[b], some[a], same=False)


def unplaced(record: Citation, mark: str) -> Citation:
    """Return a record without identifiers and without its place in print but for the journal."""
    nothing = dict.fromkeys(("volume", "issue", "pages", "published"))
    gone = {"retraction": Retraction(state=RetractionState.NONE_FOUND), "links": (), "note": None}
    return bare(record.model_copy(update=nothing | gone), mark)


SPELLINGS = (("randomised", "randomized"), ("behaviour", "behavior"), ("tumour", "tumor"), ("anaesth", "anesth"))
GREEK = (("α", "alpha"), ("β", "beta"), ("γ", "gamma"), ("μ", "mu"))


def reprinted(record: Citation, mark: str, chance: random.Random) -> Citation:
    """Return a record as another export might print it: without identifiers, in another style, with gaps."""
    title = record.title or ""
    for one, other in (*SPELLINGS, *GREEK):
        title = title.replace(one, other)
    styles: tuple[Callable[[str], str], ...] = (str, str.upper, str.title, str.lower, _in_brackets)
    title = chance.choice(styles)(title)
    if chance.random() < 0.3:
        title = title.replace("-", " ")
    if chance.random() < 0.5:
        title = title.rstrip(".")
    if chance.random() < 0.1:
        title = title.partition(": ")[0]
    if chance.random() < 0.1 and len(title) > 30:
        place = chance.randrange(15, len(title) - 2)
        title = title[:place] + title[place + 1 :]
    names = [name for name in (record.journal, record.journal_abbreviation) if name]
    changed: dict[str, Any] = {
        "title": title or record.title,
        "journal": chance.choice(names) if names else None,
        "journal_abbreviation": None,
        "abstract": (),
        "mesh": (),
        "publication_types": (),
        "published": None,
        "links": (),
        "note": None,
        "retraction": Retraction(state=RetractionState.NONE_FOUND),
        "authors": tuple(one.model_copy(update={"given": None, "affiliations": ()}) for one in record.authors),
    }
    if record.pages:
        changed["pages"] = long_pages(record.pages)
    for name, often in (("pages", 0.1), ("volume", 0.1), ("issue", 0.3), ("journal", 0.03)):
        if chance.random() < often:
            changed[name] = None
    return bare(record.model_copy(update=changed), mark)


def _in_brackets(title: str) -> str:
    return f"[{title.rstrip('.')}]."


def long_pages(pages: str) -> str:
    """Return pages with the last one written out: ``1120-1128`` of ``1120-8``."""
    match = re.fullmatch(r"(\d+)-(\d+)", pages)
    if match is None or len(match[2]) >= len(match[1]):
        return pages
    return f"{match[1]}-{match[1][: -len(match[2])]}{match[2]}"
