"""One decision about citations as one transaction: records rewritten, with their relationships and revisions."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Any
from uuid import uuid4

from kb.errors import StoreBusy
from kb.ingest.apply import as_read, begin, keep_revisions, made, nodes_unchanged, now, revision, row_of, write_rows
from kb.ingest.decision import Action, Decision, Incoming
from kb.ingest.existing import Existing, existing_from
from kb.store import Statement, Store, unless_kept
from schema.citation import Citation
from schema.load_run import LoadRun
from schema.parsed import Parsed
from schema.record import DRAFT, Record, references
from schema.records import LOADED
from schema.terms import LoadState


class Rewriting:
    """Collects what one decision changes, and writes it: all of it, or nothing."""

    def __init__(self, store: Store, title: str, who: str) -> None:
        self.store = store
        self.who = who
        self.at = now()
        self._first: list[Statement] = []
        self._provided: list[Statement] = []
        #: What every record that is removed must still be, by label.
        self._dropped: dict[str, list[dict[str, Any]]] = {}
        self._rows: dict[str, list[dict[str, Any]]] = {}
        self._made: list[Record] = []
        # What the records say afterwards came about by this decision: its run is their provenance.
        self.run = LoadRun(
            id=f"{self.at}-{uuid4().hex[:12]}",
            source=title,
            sha256=sha256(title.encode()).hexdigest(),
            format="decision",
            loader_version="1",
            who=who,
            started=self.at,
            finished=self.at,
            state=LoadState.COMPLETE,
        )

    def change(self, before: Existing, record: Record, field_sources: dict[str, str]) -> None:
        """Write a record in place of what the graph holds; published content is kept as a revision."""
        self._add(Action.UPDATED, record, before, before.source, field_sources)

    def create(self, given: Existing, record: Record) -> None:
        """Write a record that is not in the graph (any more)."""
        self._add(Action.NEW, record, None, given.source, given.field_sources)
        # Readers of a release that held it find what it said then.
        self._rows[record.label][-1]["properties"]["first_release"] = given.first_release

    def provide(self, statements: Iterable[Statement]) -> None:
        """Write only where each of these queries returns a row."""
        self._provided += statements

    def drop(self, before: Existing, named_by: int) -> None:
        """Remove a record that so many others name; what a release held of it is kept as a revision."""
        names = {"Label": before.record.label}
        params: dict[str, Any] = {"id": before.record.id, "expected": named_by}
        self.provide([Statement("named_by", names, params)])
        self._dropped.setdefault(before.record.label, []).append(as_read(before))
        if before.since < DRAFT:
            self._first.append(keep_revisions([revision(before.record, before.since, before.load_run)]))
        self._first.append(Statement("drop_nodes", names, {"ids": [before.record.id]}))

    def make(self, records: Iterable[Record]) -> None:
        """Write records that the knowledge base makes itself."""
        self._made += records

    async def write(self) -> None:
        """Write all of it in one transaction. Raises StoreBusy, and writes nothing, if something was changed since."""
        order = [kind.label for kind in LOADED]
        groups = sorted(self._rows.items(), key=lambda one: order.index(one[0]))
        first = [begin([self.run]), *self._first, *made(self._made)]
        unchanged = [nodes_unchanged(label, rows) for label, rows in self._dropped.items()]
        busy = StoreBusy("One of the records was changed at the same time.", "Try again.")
        writing = write_rows(self.store, groups, first, provided=[*unchanged, *self._provided], otherwise=busy)
        await unless_kept(writing, self._kept)

    async def _kept(self) -> bool:
        return bool(await self.store.nodes(LoadRun.label, [self.run.id]))

    def _add(
        self, action: Action, record: Record, before: Existing | None, source: str, field_sources: dict[str, str]
    ) -> None:
        incoming = Incoming(Parsed(record, self.run.source), 0, source)
        decision = Decision(action, record, incoming, before, source, field_sources)
        self._rows.setdefault(record.label, []).append(row_of(decision, self.run))


async def records_naming(store: Store, citation: str) -> list[Existing]:
    """Return every record that names a citation, as it is now."""
    found: dict[tuple[str, str], Existing] = {}
    for kind in LOADED:
        for ref in references(kind).values():
            if ref.label == Citation.label:
                names = {"Label": kind.label, "TYPE": ref.type}
                for row in await store.read("records_naming", names, id=citation):
                    found[kind.label, row["node"]["id"]] = existing_from(kind.label, row["node"])
    return list(found.values())
