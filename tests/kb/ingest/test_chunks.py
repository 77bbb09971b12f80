"""Chunks: what is held in memory while a file is loaded, and what becomes of a file that breaks off."""

import asyncio
from collections.abc import Iterator

import pytest

from kb.ingest import Source
from kb.ingest.chunks import CHUNK, SLICE, chunks
from kb.store import BYTES
from schema.citation import AbstractSection
from schema.parsed import Parsed
from tests.samples import citation


async def test_one_chunk_is_read_ahead_and_no_more() -> None:
    taken = 0

    def parse() -> Iterator[Parsed]:
        nonlocal taken
        for number in range(4 * CHUNK):
            taken += 1
            yield Parsed(citation(number, year=2020), str(number))

    source = Source("large", "pubmed", "1", "hash", whole=False, parse=parse)
    worked_on = 0
    async for chunk in chunks([source]):
        for _ in range(2 * CHUNK // SLICE):  # as while the engine works
            await asyncio.sleep(0)
        worked_on += len(chunk.records)
        assert taken == min(worked_on + CHUNK + 1, 4 * CHUNK)
    assert worked_on == 4 * CHUNK


async def test_large_records_come_in_chunks_that_one_transaction_can_hold() -> None:
    text = (AbstractSection(text="x" * (BYTES // 3)),)
    parsed = [Parsed(citation(number, abstract=text), str(number)) for number in range(5)]
    source = Source("heavy", "pubmed", "1", "hash", whole=False, parse=lambda: iter(parsed))
    assert [len(chunk.records) async for chunk in chunks([source])] == [2, 2, 1]


async def test_a_file_that_breaks_off_is_told_after_what_was_read_before() -> None:
    def parse() -> Iterator[Parsed]:
        for number in range(CHUNK + 10):
            yield Parsed(citation(number, year=2020), str(number))
        raise OSError("the disk is gone")

    source = Source("broken", "pubmed", "1", "hash", whole=False, parse=parse)
    whole: list[int] = []

    async def read() -> None:
        async for chunk in chunks([source]):
            whole.append(len(chunk.records))  # noqa: PERF401 - what was read before the end counts

    with pytest.raises(OSError, match="the disk is gone"):
        await read()
    assert whole == [CHUNK]
