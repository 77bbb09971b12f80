"""How many RIS and MEDLINE (nbib) records a second, beside rispy and nbib?

    python bench/tagged_parse.py [--records N] [--rounds R]

Both read the very same file, taking turns, in one process: well-formed records repeated until there are enough. Time is
CPU time of the loop over all records. The real records of ../shared where they are, else those of the test fixtures.
Ours gives validated citations with identifiers and places; the peers give dictionaries of strings. Prints the rates,
the ratio of the medians, and whether it is at least 1.
"""

import argparse
import io
import statistics
import time
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from loaders import medline, ris
from schema.parsed import Parsed

ROOT = Path(__file__).parents[1]
REAL = ROOT.parent / "shared/data/biblio"
OWN = ROOT / "tests/fixtures/biblio"


def ours_ris(data: bytes) -> int:
    """Records that our RIS loader reads."""
    return sum(isinstance(one, Parsed) for one in ris.parse(io.BytesIO(data), "bench.ris"))


def ours_nbib(data: bytes) -> int:
    """Records that our MEDLINE loader reads."""
    return sum(isinstance(one, Parsed) for one in medline.parse(io.BytesIO(data), "bench.nbib"))


def rispy(data: bytes) -> int:
    """Records that rispy reads."""
    return len(import_module("rispy").loads(data.decode()))


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


def measure(name: str, ours: Callable[[bytes], int], peer: Callable[[bytes], int], count: int, rounds: int) -> None:
    """Measure both over one file, and print."""
    there = find_spec(peer.__name__) is not None
    texts = content(name, ours, peer if there else None)
    inside = sum(map(ours, texts))
    text = b"\n".join(texts * max(1, count // inside))
    readers = {"ours": ours} | ({peer.__name__: peer} if there else {})
    rates: dict[str, list[float]] = {reader: [] for reader in readers}
    print(f"{name}: {inside} records of {len(texts)} files, {len(text) / 1e6:.1f} MB")
    for _ in range(rounds):
        for reader, read in readers.items():
            begun = time.process_time()
            records = read(text)
            rates[reader].append(records / (time.process_time() - begun))
    for reader, some in rates.items():
        print(f"  {reader:6} {statistics.median(some):10,.0f} records/s   ({min(some):,.0f} to {max(some):,.0f})")
    if not there:
        print(f"  {peer.__name__} is not installed here: install the dependency group 'bench'")
        return
    ratio = statistics.median(rates["ours"]) / statistics.median(rates[peer.__name__])
    print(f"  ratio  {ratio:10.2f}   (goal: at least 1.00{'' if ratio >= 1 else ', MISSED'})")


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    measure("ris", ours_ris, rispy, given.records, given.rounds)
    measure("nbib", ours_nbib, nbib, given.records, given.rounds)


if __name__ == "__main__":
    main()
