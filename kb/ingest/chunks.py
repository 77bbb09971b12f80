"""Chunks: which records of the sources are planned together, each read while the one before is planned.

Records that refer across sources (the seeds) come last, all in one chunk. Records that stand alone (PubMed) come in
chunks, so that memory does not grow with the file. A chunk runs on from one source into the next, so that many small
files cost as much as a large one; it ends where a source says something of a record that another one brought, because
that is a change of it and is told as one.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import dataclass, field

from kb.ahead import ahead
from kb.ingest.content import Content
from kb.ingest.decision import Incoming, Key
from kb.ingest.merge import source_of
from kb.ingest.source import Source
from kb.store import BYTES
from schema.parsed import Problem
from schema.record import Record
from schema.records import IDENTIFIERS

#: Records planned and written at a time: enough for few round trips, few enough to hold in memory.
CHUNK = 2_500
#: Records made ready between two looks at what else waits to be done.
SLICE = 20


@dataclass(frozen=True, slots=True)
class Chunk:
    """Records that are planned together, and what was wrong with others on the way, with the file of each."""

    #: Which one it is of the load, from 0.
    number: int
    records: list[Incoming] = field(default_factory=list[Incoming])
    problems: list[tuple[int, Problem]] = field(default_factory=list[tuple[int, Problem]])


def chunks(sources: Sequence[Source]) -> AsyncGenerator[Chunk]:
    """Yield what the sources hold in chunks, each while the next one is being read."""
    return ahead(_read(sources))


async def _read(sources: Sequence[Source]) -> AsyncGenerator[Chunk]:
    chunk, weight = Chunk(0), 0
    together: list[Incoming] = []
    brought: dict[Key, int] = {}
    waiting = 0
    for index, source in enumerate(sources):
        owner = source_of(source.format or "", source.name)
        for one in source.parse():
            waiting += 1
            if waiting % SLICE == 0:
                await asyncio.sleep(0)
            if isinstance(one, Problem):
                chunk.problems.append((index, one))
                continue
            content = Content.of(one.record)
            incoming = Incoming(one, index, owner, content)
            if source.whole:
                together.append(incoming)
                continue
            keys = list(_keys(one.record))
            # A chunk that fits one transaction is written in one.
            full = len(chunk.records) == CHUNK or weight + content.weight > BYTES
            if chunk.records and (full or any(brought.get(key, index) != index for key in keys)):
                yield chunk
                chunk, weight, brought = Chunk(chunk.number + 1), 0, {}
            chunk.records.append(incoming)
            weight += content.weight
            brought |= dict.fromkeys(keys, index)
    if chunk.records or chunk.problems:
        yield chunk
    if together:
        yield Chunk(chunk.number + 1, together)


def _keys(record: Record) -> Iterator[Key]:
    """Yield what a record is known by: its id, and the outside identifiers of a citation."""
    yield record.label, record.id
    for name in IDENTIFIERS:
        if value := getattr(record, name, None):
            yield name, value
