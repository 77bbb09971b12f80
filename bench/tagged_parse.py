"""How many RIS and MEDLINE (nbib) records a second, beside rispy and nbib?

    python bench/tagged_parse.py [--records N] [--rounds R]

Both read the very same bytes, taking turns, in one process: well-formed records repeated until there are enough. Time
is CPU time of the loop over all records. The real records of ../shared where they are, else those of the fixtures.
Ours gives validated citations with identifiers, people, dates and places; the peers give dictionaries of strings, and
leave the rest to their caller. So for RIS two more are measured: our reading of the tags alone, which is what rispy
does, and rispy with the least that a caller must do (names split, year as a number, DOI without its address). Prints
the rates, the ratios of the medians, and whether the one that the project aims at is at least 1.
"""

import argparse
import io
import re
import statistics
import time
from argparse import Namespace
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from loaders import medline, ris
from loaders.encoding import read_text
from loaders.tagged import TaggedRecord
from schema.parsed import Parsed

ROOT = Path(__file__).parents[1]
REAL = ROOT.parent / "shared/data/biblio"
OWN = ROOT / "tests/fixtures/biblio"
YEAR = re.compile(r"\d{4}")
DOI_ADDRESS = re.compile(r"^https?://(?:dx\.)?doi\.org/", re.IGNORECASE)
#: What is compared with what; the goals are for the first and the last.
RATIOS = (("ours", "rispy"), ("our tags alone", "rispy"), ("ours", "rispy used"), ("ours", "nbib"))


def ours_ris(data: bytes) -> int:
    """Records that our RIS loader reads."""
    return sum(isinstance(one, Parsed) for one in ris.parse(io.BytesIO(data), "bench.ris"))


def ours_nbib(data: bytes) -> int:
    """Records that our MEDLINE loader reads."""
    return sum(isinstance(one, Parsed) for one in medline.parse(io.BytesIO(data), "bench.nbib"))


def ours_tags(data: bytes) -> int:
    """Records that our RIS loader makes of the tags, before they become citations."""
    text, _ = read_text(io.BytesIO(data), "bench.ris")
    # A value is put on a line when it is asked for, so all are.
    return sum(
        isinstance(one, TaggedRecord) and bool(one.values(*{tag[0] for tag in one.tags}))
        for one in ris.records(text, "bench.ris")
    )


def rispy(data: bytes) -> int:
    """Records that rispy reads."""
    return len(import_module("rispy").loads(data.decode()))


def rispy_used(data: bytes) -> int:
    """Records that rispy reads, with the least that a caller must do to use them."""
    used = [
        {
            **record,
            "people": [tuple(map(str.strip, name.partition(",")[::2])) for name in record.get("authors", ())],
            "published": int(found[0]) if (found := YEAR.search(record.get("year", ""))) else None,
            "doi": DOI_ADDRESS.sub("", record.get("doi", "")).strip().lower() or None,
        }
        for record in import_module("rispy").loads(data.decode())
    ]
    return len(used)


def nbib(data: bytes) -> int:
    """Records that nbib reads."""
    return len(import_module("nbib").read(data.decode()))


def content(name: str, read: Callable[[bytes], int], peer: Callable[[bytes], int] | None) -> list[bytes]:
    """Return the texts of the files that both read, and read as the same number of records."""
    folder = REAL if REAL.is_dir() else OWN
    found: list[bytes] = []
    for path in sorted(folder.rglob(f"*.{name}")):
        try:
            text = (path.read_text("utf-8-sig").strip() + "\n").encode()
            if (count := read(text)) and (peer is None or peer(text) == count):
                found.append(text)
        except Exception as wrong:  # noqa: BLE001 (a peer raises what it likes; such a file is no common ground)
            print(f"left out: {path.name} ({type(wrong).__name__})")
    if not found:
        raise SystemExit(f"{folder} has no {name} file that both read alike")
    return found


def measure(title: str, readers: dict[str, Callable[[bytes], int]], texts: list[bytes], given: Namespace) -> None:
    """Measure readers over one file, and print. Ours comes first, then the peer."""
    ours, *_ = readers.values()
    inside = sum(map(ours, texts))
    data = b"\n".join(texts * max(1, given.records // inside))
    rates: dict[str, list[float]] = {reader: [] for reader in readers}
    print(f"{title}: {inside} records of {len(texts)} files, {len(data) / 1e6:.1f} MB")
    for _ in range(given.rounds):
        for reader, read in readers.items():
            begun = time.process_time()
            records = read(data)
            rates[reader].append(records / (time.process_time() - begun))
    medians = {reader: statistics.median(some) for reader, some in rates.items()}
    for reader, some in rates.items():
        print(f"  {reader:20} {medians[reader]:10,.0f} records/s   ({min(some):,.0f} to {max(some):,.0f})")
    for first, second in RATIOS:
        if first in medians and second in medians:
            ratio = medians[first] / medians[second]
            goal = (
                ""
                if first != "ours" or second == "rispy used"
                else f"   (goal: 1.00{'' if ratio >= 1 else ', MISSED'})"
            )
            print(f"  ratio {ratio:5.2f}: {first} to {second}{goal}")


def there(reader: Callable[[bytes], int]) -> bool:
    """Tell whether the peer of this name is installed."""
    found = find_spec(reader.__name__) is not None
    if not found:
        print(f"{reader.__name__} is not installed here: install the dependency group 'bench'")
    return found


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    readers = {"ours": ours_ris}
    peer = rispy if there(rispy) else None
    if peer:
        readers |= {"rispy": rispy, "our tags alone": ours_tags, "rispy used": rispy_used}
    texts = content("ris", ours_ris, peer)
    measure("ris", readers, texts, given)
    usual = [text for text in texts if text.count(b"\n") < 1_000 * ours_ris(text)]
    if len(usual) < len(texts):
        measure("ris, without records of more than 1,000 lines", readers, usual, given)
    peer = nbib if there(nbib) else None
    readers = {"ours": ours_nbib} | ({"nbib": nbib} if peer else {})
    measure("nbib", readers, content("nbib", ours_nbib, peer), given)


if __name__ == "__main__":
    main()
