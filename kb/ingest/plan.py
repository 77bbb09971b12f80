"""Plan a load: decide for every record what would happen, and write nothing."""

from collections.abc import Sequence

from kb.ingest.brought import Before
from kb.ingest.checks import check
from kb.ingest.citations import Citations
from kb.ingest.deciding import Deciding
from kb.ingest.decision import Incoming, Plan
from kb.ingest.existing import read_existing
from kb.ingest.linking import Linking
from kb.ingest.references import citations_named, rename
from kb.ingest.trials import joined
from kb.ingest.withdrawing import telling_all, withdraw
from kb.ingest.writing_order import in_writing_order
from kb.store import Reads
from schema.citation import Citation
from schema.records import LOADED


async def plan(store: Reads, records: Sequence[Incoming], *, who: str, at: str, brought: Before | None = None) -> Plan:
    """Decide per record: new, matched, updated, unchanged or rejected. Reads the graph, writes nothing.

    Records may come in any order and refer to each other. A record that refers to nothing, makes a hierarchy
    circular, takes another's name or contradicts known identifiers is rejected, and so is what refers to it. What a
    study or a page holds no longer is withdrawn. ``who`` loads them, and when (UTC text), is noted with what is merged.
    ``brought``: what the load brought before.
    """
    by_label: dict[str, list[Incoming]] = {}
    for one in records:
        by_label.setdefault(one.parsed.record.label, []).append(one)
    deciding = Deciding()
    citations = Citations(store, deciding, who, at, brought)
    linking = Linking(store, deciding)
    wholes = telling_all(records)
    for kind in LOADED:
        incoming = await linking.link(kind.label, by_label.pop(kind.label, []))
        if kind is Citation:
            if incoming:
                await citations.decide(incoming)
            others = (one for some in by_label.values() for one in some)
            await citations.follow_merged({id_ for one in others for id_ in citations_named(one.parsed.record)})
        elif incoming:
            await _decide(store, deciding, citations, kind.label, incoming)
    for strangers in by_label.values():
        for one in strangers:
            deciding.reject(one, f"{one.parsed.record.label} records are made by the knowledge base, not loaded")
    await check(store, deciding)
    await withdraw(store, deciding, wholes, linking.trials)
    return Plan(
        [*in_writing_order(deciding.decisions.values()), *deciding.doubles],
        deciding.problems,
        list(citations.merged()),
        list(citations.pairs()),
    )


async def _decide(
    store: Reads, deciding: Deciding, citations: Citations, label: str, incoming: Sequence[Incoming]
) -> None:
    """Decide the records of any other kind."""
    existing = await read_existing(store, label, (one.parsed.record.id for one in incoming))
    for one in incoming:
        record = rename(one.parsed.record, deciding.renamed)
        if record is not one.parsed.record:
            citations.note_moved(one, record)
        earlier, before = deciding.decisions.get((label, record.id)), existing.get(record.id)
        if earlier is None:
            deciding.settle(one, joined(record, before.record) if before else record, before)
        elif earlier.incoming.parsed.record == one.parsed.record:
            deciding.double(one, earlier)
        elif (same := joined(record, earlier.record)) is not record:
            deciding.register(one, same, earlier)
        else:
            where = earlier.incoming.parsed.where
            deciding.reject(one, f"the id {record.id} is already used at {where} with other content; choose another id")
