"""Matching: precision and recall of sure matches, against bib-dedupe and ASReview on the very same pairs.

    .venv/bin/python bench/matching.py [--data ../shared/data] [--seed 1] [--show] [--asreview ENVIRONMENT/bin/python]

The pairs: hand-made hard ones (tests/fixtures/matching); records of one paper in several files of the reference
material and the seeds, known to be one by an identifier, which one of the two loses; records and twins as other exports
print them (made here, seeded), in two halves by a hash of the paper; papers that are alike (one first author, or a like
title) but known to be two by their identifiers, one of which loses them; and look-alikes made of real records, a row
for each sort (bench/pairs/look_alikes.py). Without the reference material the seeds and the hand-made pairs are left.

Ours judges each pair as if the graph held the one and the other came in. Then all twins come in at once, in one load,
against all papers.

Ends with 1 unless every sure match is right: precision 1.000.
"""

import argparse
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bench.pairs.look_alikes import look_alikes
from bench.pairs.peers import asreview_says, bib_dedupe_says
from bench.pairs.real import Labelled, alike, between_files, hand_made, read_works, reprinted, twins
from kb.matching import Answer, Candidate, Facts, compare, group, keys_of
from schema.citation import Citation

PROJECT = Path(__file__).parents[1]


def main() -> None:
    """Read the arguments, measure all, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=PROJECT.parent / "shared" / "data")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", action="store_true", help="print every wrong and every missed match of ours")
    parser.add_argument("--alone", action="store_true", help="do not run bib-dedupe, which takes minutes")
    parser.add_argument("--asreview", type=Path, help="the Python of an environment that has ASReview")
    given = parser.parse_args()
    works = list(read_works([given.data, PROJECT / "seeds"]))
    chance = random.Random(given.seed)
    reprints = [reprinted(records[0], f"reprint-{place}", chance) for place, records in enumerate(works)]
    pairs = [
        *hand_made(),
        *between_files(works),
        *twins(works, reprints),
        *alike(works, reprints),
        *look_alikes(works),
    ]
    print(f"{sum(map(len, works)):,} records of {len(works):,} papers; {len(pairs):,} pairs")
    begun = time.process_time()
    ours = [says(pair) for pair in pairs]
    print(f"ours: {time.process_time() - begun:.1f} s")
    report("ours", pairs, ours)
    wrong = [pair for pair, said in zip(pairs, ours, strict=True) if said is Answer.SAME and not pair.same]
    wrong_in_load = in_one_load(works, reprints)
    if given.show:
        show(pairs, ours)
    if given.asreview:
        report("ASReview", pairs, asreview_says(pairs, given.asreview))
    begun = time.perf_counter()
    theirs = None if given.alone else bib_dedupe_says(pairs)
    if theirs is None:
        print("\nbib-dedupe was not run: make bench installs it")
    else:
        report("bib-dedupe", pairs, theirs)
        print(f"bib-dedupe: {time.perf_counter() - begun:.1f} s")
    if wrong or wrong_in_load:
        sys.exit(f"{len(wrong) + wrong_in_load} wrong merges: precision must be 1.000")


def in_one_load(works: Sequence[Sequence[Citation]], reprints: Sequence[Citation]) -> int:
    """Print what comes of all twins in one load against a graph of all papers; return how many went wrong."""
    there = {records[0].id for records in works}
    candidates = [Candidate.of(records[0].id, Facts.of(records[0]), known=True) for records in works]
    candidates += [Candidate.of(twin.id, Facts.of(twin), known=False) for twin in reprints]
    made = group(candidates)
    of = {twin.id: records[0].id for records, twin in zip(works, reprints, strict=True)}
    found = sum(made.joined.get(twin) == paper for twin, paper in of.items())
    wrong = sum(kept in there and of[twin] != kept for twin, kept in made.joined.items())
    asked = {pair.one for pair in made.unsure} | {pair.other for pair in made.unsure}
    left = sum(twin in asked and twin not in made.joined for twin in of)
    print(f"\nall {len(of):,} twins in one load: {found:,} found, {left:,} asked, {wrong} merged with another paper")
    return wrong


def show(pairs: Sequence[Labelled], said: Sequence[Answer]) -> None:
    """Print every wrong and every missed match."""
    for pair, answer in zip(pairs, said, strict=True):
        if (answer is Answer.SAME) != pair.same:
            reason = compare(Facts.of(pair.one), Facts.of(pair.other)).reason
            print(f"{'missed' if pair.same else 'WRONG'} {pair.kind}: {reason}")
            print(f"  {told(pair.one)}\n  {told(pair.other)}")


def says(pair: Labelled) -> Answer:
    """Return what ours does with the two: nothing where they share no key, else the verdict."""
    one, other = Facts.of(pair.one), Facts.of(pair.other)
    if not keys_of(one).items() & keys_of(other).items():
        return Answer.DIFFERENT
    answer = compare(one, other).answer
    return Answer.SAME if answer is Answer.SOLE else answer


def report(name: str, pairs: Sequence[Labelled], said: Sequence[Answer]) -> None:
    """Print a row for each kind of pair, and the totals; of look-alikes the sorts of which some are merged.

    ``asked``: pairs of one paper that are left to a person.
    """
    heads = ("one paper", "found", "recall", "asked", "two papers", "merged", "precision")
    print(f"\n{name:48}" + "".join(f"{head:>11}" for head in heads))
    both = list(zip(pairs, said, strict=True))
    real = [one for one in both if not one[0].look_alike]
    made = [one for one in both if one[0].look_alike]
    for kind in dict.fromkeys(pair.kind for pair, _ in real):
        print(_row(kind, [one for one in real if one[0].kind == kind]))
    print(_row("all of these", real))
    for kind in dict.fromkeys(pair.kind for pair, answer in made if answer is Answer.SAME):
        print(_row(f"  {kind}", [one for one in made if one[0].kind == kind]))
    print(_row(f"look-alikes of {len({pair.kind for pair, _ in made})} sorts", made))


def _row(name: str, chosen: Sequence[tuple[Labelled, Answer]]) -> str:
    positive = sum(p.same for p, _ in chosen)
    found = sum(p.same and s is Answer.SAME for p, s in chosen)
    asked = sum(p.same and s is Answer.UNSURE for p, s in chosen)
    wrong = sum(not p.same and s is Answer.SAME for p, s in chosen)
    recall = f"{found / positive:.3f}" if positive else "–"
    precision = f"{found / (found + wrong):.3f}" if found else "–"
    cells = (positive, found, recall, asked, len(chosen) - positive, wrong, precision)
    return f"{name:48}" + "".join(f"{cell:>11}" for cell in cells)


def told(one: Citation) -> str:
    """Return a record in one line."""
    author = one.authors[0].name if one.authors else "–"
    return (
        f"{author} {one.year} | {one.title} | {one.journal} {one.volume}:{one.pages} {one.pmid or ''} {one.doi or ''}"
    )


if __name__ == "__main__":
    main()
