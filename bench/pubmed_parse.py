"""How many PubMed records a second, in how much memory, beside pubmed_parser (the fastest peer)?

    python bench/pubmed_parse.py [--records N] [--rounds R] [--memory-records N,N] [--peer-python PATH]

Every run is a process of its own; ours and the peer's take turns, so that a busy machine slows both. Time is CPU time
of the loop over all records, imports left out. "ours, fields" is our reading alone, which gives what the peer gives:
dictionaries, without identifiers normalised and citations validated. The peer reads only gzip files with the root
PubmedArticleSet, so that is what both get: real records from ../shared, else the test fixtures, repeated.
"""

import argparse
import gzip
import io
import itertools
import json
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO, cast

ROOT = Path(__file__).parents[1]
REAL = ROOT.parent / "shared/data/pubmed/test_current_medline_2016.xml.gz"
OWN = ROOT / "tests/fixtures/pubmed"

OPENING = b"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN"
 "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">
<PubmedArticleSet>
"""
CLOSING = b"</PubmedArticleSet>\n"
PEERS = {"peer": {}, "peer, lists": {"author_list": True, "reference_list": True, "nlm_category": True}}
HOW_TO_INSTALL = (
    "pubmed_parser is not installed here: only ours is measured. Install the dependency group 'bench' "
    "(uv pip install --group bench), or give --peer-python the Python of an environment that has it."
)


def main() -> None:
    """Measure and print."""
    asked = arguments()
    if asked.worker:
        print(json.dumps(work(asked.worker, asked.file)))
        return
    if asked.flat_worker:
        print(json.dumps(counted(ours(Repeated(asked.flat_worker)))))
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "records.xml.gz"
        source, size = generate(file, asked.records)
        print(f"{asked.records} records made of {source}, {size / 1e6:.1f} MB of XML; {asked.rounds} rounds")
        pythons = {"ours": sys.executable, "ours, fields": sys.executable}
        if installed(asked.peer_python):
            pythons.update(dict.fromkeys(PEERS, str(asked.peer_python)))
        else:
            print(HOW_TO_INSTALL)
        measured: dict[str, list[dict[str, float]]] = {who: [] for who in pythons}
        for _ in range(asked.rounds):
            for who, python in pythons.items():
                measured[who].append(run(python, "--worker", who, str(file)))
        report(measured)
        for count in asked.memory_records:
            flat = run(sys.executable, "--flat-worker", str(count))
            print(
                f"memory: {flat['peak']:.1f} MB, {flat['records']:,.0f} records in one stream ({flat['seconds']:.0f} s)"
            )


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--records", type=int, default=6040)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--memory-records", type=numbers, default=[60_400], help="20000,200000: records of each run")
    parser.add_argument("--peer-python", default=sys.executable)
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    parser.add_argument("--flat-worker", type=int, help=argparse.SUPPRESS)
    parser.add_argument("file", nargs="?", help=argparse.SUPPRESS)
    return parser.parse_args()


def numbers(text: str) -> list[int]:
    """Read ``20000,200000``."""
    return [int(part) for part in text.split(",")]


def generate(path: Path, count: int) -> tuple[str, int]:
    """Write an article set of ``count`` records; return what they were made of and the size of the XML in bytes."""
    source, records = articles()
    size = 0
    with gzip.open(path, "wb", compresslevel=6) as file:
        for piece in (OPENING, *itertools.islice(itertools.cycle(records), count), CLOSING):
            size += file.write(piece)
    return source, size


def articles() -> tuple[str, list[bytes]]:
    """Return what there are records of, and those records."""
    if REAL.exists():
        source = "604 real ones"
        text = gzip.decompress(REAL.read_bytes())
    else:
        source = "the test fixtures"
        text = b"".join(file.read_bytes() for file in sorted(OWN.glob("*.xml")))
    found = re.findall(rb"<MedlineCitation\b.*?</MedlineCitation>", text, re.DOTALL)
    return source, [article(citation) for citation in found]


class Repeated(io.RawIOBase):
    """A gzip stream of an article set of ``count`` records: the same ones, packed once, as many times as needed."""

    def __init__(self, count: int) -> None:
        _, records = articles()
        times, more = divmod(count, len(records))
        pack = gzip.compress
        self._members = itertools.chain(
            [pack(OPENING)],
            itertools.repeat(pack(b"".join(records)), times),
            [pack(b"".join(records[:more]) + CLOSING)],
        )
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any, /) -> int:
        """Put the next bytes into the buffer; return how many."""
        if not self._rest:
            self._rest = memoryview(next(self._members, b""))
        size = min(len(buffer), len(self._rest))
        buffer[:size], self._rest = self._rest[:size], self._rest[size:]
        return size


def article(citation: bytes) -> bytes:
    """Put a MedlineCitation into a PubmedArticle, with its DOI where PubMed has it: in the list of ids."""
    doi = re.search(rb'EIdType="doi"[^>]*>([^<]*)<', citation)
    listed = b'<ArticleId IdType="doi">' + doi[1] + b"</ArticleId>\n" if doi else b""
    return (
        b"<PubmedArticle>\n" + citation + b"\n<PubmedData>\n<ArticleIdList>\n" + listed + b"</ArticleIdList>\n"
        b"</PubmedData>\n</PubmedArticle>\n"
    )


def installed(python: str) -> bool:
    """Tell whether that Python has the peer."""
    return subprocess.run([python, "-c", "import pubmed_parser"], capture_output=True, check=False).returncode == 0


def run(python: str, *arguments: str) -> dict[str, float]:
    """Measure one reader in a process of its own."""
    command = [python, __file__, *arguments]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def work(who: str, file: str) -> dict[str, float]:
    """Read all records of a file with one reader."""
    if who == "ours":
        return counted(ours(Path(file).open("rb")))
    return counted(fields(file) if who == "ours, fields" else peer(file, PEERS[who]))


def counted(records: Iterator[object]) -> dict[str, float]:
    """Read all records; return their number, CPU seconds and the peak of memory in MB."""
    start = time.process_time()
    count = sum(1 for _ in records)
    return {"records": count, "seconds": time.process_time() - start, "peak": peak()}


def ours(stream: BinaryIO | io.RawIOBase) -> Iterator[object]:
    """Our records, each a validated Citation."""
    sys.path.insert(0, str(ROOT))
    from loaders.pubmed.records import read  # the import is not part of the time

    return read(cast("BinaryIO", stream), "bench.xml.gz")


def fields(file: str) -> Iterator[object]:
    """The fields that we read of each record, a dict as the peer's: nothing normalised or validated yet."""
    sys.path.insert(0, str(ROOT))
    from loaders.pubmed.article import article_fields
    from loaders.safe_xml import SAFE, let_go

    etree: Any = import_module("lxml.etree")  # lxml ships no types

    def read() -> Iterator[object]:
        with gzip.open(file) as stream:
            for _, element in etree.iterparse(stream, events=("end",), tag="PubmedArticle", **SAFE):
                yield article_fields(element, [])
                let_go(element)

    return read()


def peer(file: str, options: dict[str, bool]) -> Iterator[object]:
    """The peer's records, each a dict."""
    untyped: Any = import_module("pubmed_parser")  # not there where only ours is measured

    return untyped.parse_medline_xml(file, **options)


def peak() -> float:
    """Return the peak of this process's memory in MB."""
    status = Path("/proc/self/status")
    if status.exists():
        found = re.search(r"VmHWM:\s*(\d+) kB", status.read_text())
        if found:
            return int(found[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def report(measured: dict[str, list[dict[str, float]]]) -> None:
    """Print the figures of each reader and the ratio round by round."""
    print(f"{'':14}{'records':>9}{'records/s: median':>19}{'best':>8}{'peak MB':>9}")
    for who, runs in measured.items():
        rates = [one["records"] / one["seconds"] for one in runs]
        peaks = max(one["peak"] for one in runs)
        print(f"{who:14}{runs[0]['records']:9.0f}{statistics.median(rates):19.0f}{max(rates):8.0f}{peaks:9.1f}")
    for own, who in itertools.product(measured.keys() - PEERS.keys(), measured.keys() & PEERS.keys()):
        ratios = [
            theirs["seconds"] / mine["seconds"] for mine, theirs in zip(measured[own], measured[who], strict=True)
        ]
        median = statistics.median(ratios)
        print(f"{own}: {median:.2f} times as fast as {who} (median; {min(ratios):.2f}–{max(ratios):.2f})")


if __name__ == "__main__":
    main()
