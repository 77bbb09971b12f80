"""Matching: precision and recall of sure matches, against bib-dedupe on the very same pairs.

    .venv/bin/python bench/matching.py [--data ../shared/data] [--seed 1] [--show]

The pairs: hand-made hard ones (tests/fixtures/matching); records of one paper in several files of the reference
material and the seeds, known to be one by an identifier, which one of the two loses; records and twins as other exports
print them (made here, seeded); and papers that are alike (one first author, or a like title) but known to be two by
their identifiers, one of which loses them. Without the reference material the seeds and the hand-made pairs are left.

Ends with 1 unless every sure match is right: precision 1.000.
"""

import argparse
import random
import re
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, redirect_stdout
from dataclasses import dataclass
from importlib import import_module
from io import StringIO
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import yaml
from rapidfuzz import fuzz, process

from kb.cli.sources import gather, sources_of
from kb.matching import Answer, Facts, compare, keys_of
from loaders.fetch.client import Access
from schema.citation import Author, Citation, Retraction
from schema.parsed import Parsed
from schema.records import IDENTIFIERS
from schema.terms import RetractionState

PROJECT = Path(__file__).parents[1]
HAND_MADE = PROJECT / "tests" / "fixtures" / "matching" / "pairs.yaml"


@dataclass(frozen=True)
class Labelled:
    """Two records and whether they are one paper."""

    kind: str
    one: Citation
    other: Citation
    same: bool


def main() -> None:
    """Read the arguments, measure both, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=PROJECT.parent / "shared" / "data")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", action="store_true", help="print every wrong and every missed match of ours")
    parser.add_argument("--alone", action="store_true", help="do not run bib-dedupe, which takes minutes")
    given = parser.parse_args()
    works = list(read_works([given.data, PROJECT / "seeds"]))
    chance = random.Random(given.seed)
    reprints = [reprinted(records[0], f"reprint-{place}", chance) for place, records in enumerate(works)]
    pairs = [
        *hand_made(),
        *between_files(works),
        *twins(works, reprints),
        *alike(works, reprints),
    ]
    print(f"{sum(map(len, works)):,} records of {len(works):,} papers; {len(pairs):,} pairs")
    begun = time.process_time()
    ours = [says(pair) for pair in pairs]
    seconds = time.process_time() - begun
    begun = time.perf_counter()
    theirs = None if given.alone else bib_dedupe_says(pairs)
    report("ours", pairs, ours)
    if theirs is None:
        print("\nbib-dedupe was not run: make bench installs it")
    else:
        report("bib-dedupe", pairs, theirs)
    print(f"seconds: ours {seconds:.1f}, bib-dedupe {time.perf_counter() - begun:.1f}")
    wrong = [pair for pair, said in zip(pairs, ours, strict=True) if said is Answer.SAME and not pair.same]
    if given.show:
        for pair, said in zip(pairs, ours, strict=True):
            if (said is Answer.SAME) != pair.same:
                reason = compare(Facts.of(pair.one), Facts.of(pair.other)).reason
                print(f"{'missed' if pair.same else 'WRONG'} {pair.kind}: {reason}")
                print(f"  {told(pair.one)}\n  {told(pair.other)}")
    if wrong:
        sys.exit(f"{len(wrong)} wrong merges: precision must be 1.000")


def says(pair: Labelled) -> Answer:
    """Return what ours does with the two: nothing where they share no key, else the verdict."""
    one, other = Facts.of(pair.one), Facts.of(pair.other)
    if not keys_of(one).items() & keys_of(other).items():
        return Answer.DIFFERENT
    said = compare(one, other).answer
    return Answer.SAME if said is Answer.SOLE else said


def report(name: str, pairs: Sequence[Labelled], said: Sequence[Answer]) -> None:
    """Print a row for each kind of pair, and the totals. ``asked``: pairs of one paper that are left to a person."""
    heads = ("one paper", "found", "recall", "asked", "two papers", "merged", "precision")
    print(f"\n{name:28}" + "".join(f"{head:>11}" for head in heads))
    for kind in [*dict.fromkeys(pair.kind for pair in pairs), "all"]:
        chosen = [(p, s) for p, s in zip(pairs, said, strict=True) if kind in (p.kind, "all")]
        positive = sum(p.same for p, _ in chosen)
        found = sum(p.same and s is Answer.SAME for p, s in chosen)
        asked = sum(p.same and s is Answer.UNSURE for p, s in chosen)
        wrong = sum(not p.same and s is Answer.SAME for p, s in chosen)
        recall = f"{found / positive:.3f}" if positive else "–"
        precision = f"{found / (found + wrong):.3f}" if found + wrong else "–"
        cells = (positive, found, recall, asked, len(chosen) - positive, wrong, precision)
        print(f"{kind:28}" + "".join(f"{cell:>11}" for cell in cells))


def told(one: Citation) -> str:
    """Return a record in one line."""
    author = one.authors[0].name if one.authors else "–"
    return (
        f"{author} {one.year} | {one.title} | {one.journal} {one.volume}:{one.pages} {one.pmid or ''} {one.doi or ''}"
    )


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
            author: str | None = fields.pop("author", None)
            names = author.rsplit(" ", 1) if author else []
            authors = (Author(family=names[0], initials=names[1]),) if names else ()
            records.append(Citation.model_validate({"id": f"local:hand-{place}-{mark}", "authors": authors, **fields}))
        yield Labelled("hand-made", records[0], records[1], row["expect"] == "SAME")


def between_files(works: Sequence[Sequence[Citation]]) -> Iterator[Labelled]:
    """Yield the records of one paper in several files; the second loses its identifiers."""
    for place, records in enumerate(works):
        for number, (one, other) in enumerate(combinations(records[:4], 2)):
            yield Labelled("one paper in several files", one, bare(other, f"file-{place}-{number}"), same=True)


def twins(works: Sequence[Sequence[Citation]], reprints: Sequence[Citation]) -> Iterator[Labelled]:
    """Yield each paper with a twin as another export might print it."""
    for records, twin in zip(works, reprints, strict=True):
        if records[0].authors and records[0].year:
            yield Labelled("twins from other exports", records[0], twin, same=True)


def alike(works: Sequence[Sequence[Citation]], reprints: Sequence[Citation]) -> Iterator[Labelled]:
    """Yield papers that are alike but two: one first author, or a like title; and the same with a reprinted twin."""
    chosen = [records[0] for records in works]
    without = [bare(one, f"bare-{place}") for place, one in enumerate(chosen)]
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
            yield Labelled("papers that are alike", chosen[a], without[b], same=False)
            yield Labelled("papers that are alike", reprints[a], chosen[b], same=False)


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


def bib_dedupe_says(pairs: Sequence[Labelled]) -> list[Answer] | None:
    """Return for each pair what bib-dedupe calls the two (a maybe is UNSURE); None where it is not installed."""
    try:
        # Neither has type stubs.
        pandas: Any = import_module("pandas")
        bib_dedupe: Any = import_module("bib_dedupe.bib_dedupe")
    except ImportError:
        return None
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
    said = {
        frozenset((str(row["ID_1"]), str(row["ID_2"]))): labels.get(row["duplicate_label"], Answer.DIFFERENT)
        for row in matched.to_dict("records")
    }
    return [said.get(frozenset((ids[id(pair.one)], ids[id(pair.other)])), Answer.DIFFERENT) for pair in pairs]


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


if __name__ == "__main__":
    main()
