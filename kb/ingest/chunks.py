"""Chunks: which records of the sources are planned together, read ahead while the chunk before is written.

Records that refer across sources (the seeds) come last, all in one chunk. Records that stand alone (PubMed) come in
chunks, so that memory does not grow with the file. A chunk runs on from one source into the next, so that many small
files cost as much as a large one; it ends where a source says something of a record that another one brought, because
that is a change of it and is told as one.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence

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


async def chunks(sources: Sequence[Source], tell: Callable[[int, Problem], None]) -> AsyncGenerator[list[Incoming]]:
    """Yield the records of the sources in chunks, each while the next one is being read; problems are told."""
    reading = _read(sources, tell)
    following = asyncio.ensure_future(anext(reading, None))
    try:
        while chunk := await following:
            following = asyncio.ensure_future(anext(reading, None))
            yield chunk
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
        await reading.aclose()


async def _read(sources: Sequence[Source], tell: Callable[[int, Problem], None]) -> AsyncGenerator[list[Incoming]]:
    together: list[Incoming] = []
    chunk: list[Incoming] = []
    weight = 0
    brought: dict[Key, int] = {}
    waiting = 0
    for index, source in enumerate(sources):
        owner = source_of(source.format or "", source.name)
        for one in source.parse():
            waiting += 1
            if waiting % SLICE == 0:
                await asyncio.sleep(0)
            if isinstance(one, Problem):
                tell(index, one)
                continue
            content = Content.of(one.record)
            incoming = Incoming(one, index, owner, content)
            if source.whole:
                together.append(incoming)
                continue
            keys = list(_keys(one.record))
            # A chunk that fits one transaction is written in one.
            full = len(chunk) == CHUNK or weight + content.weight > BYTES
            if chunk and (full or any(brought.get(key, index) != index for key in keys)):
                yield chunk
                chunk, weight, brought = [], 0, {}
            chunk.append(incoming)
            weight += content.weight
            brought |= dict.fromkeys(keys, index)
    if chunk:
        yield chunk
    if together:
        yield together


def _keys(record: Record) -> Iterator[Key]:
    """Yield what a record is known by: its id, and the outside identifiers of a citation."""
    yield record.label, record.id
    for name in IDENTIFIERS:
        if value := getattr(record, name, None):
            yield name, value
