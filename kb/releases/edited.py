"""What a release says of studies and findings that were edited since: their relationships follow the newest content.

An edit may land between two looks. So relationships are read first, and what was edited after them (:meth:`renew`).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from kb.questions.records import edited_ids, read_records
from kb.store import Store, portions
from schema.finding import Finding
from schema.record import Record
from schema.study import Study

#: Records read at once.
AT_ONCE = 2000

#: Kinds whose relationships lead from a change to the answers.
LEADING: tuple[type[Record], ...] = (Study, Finding)


@dataclass
class Edited:
    """The relationships that edited records of some kinds have in a release."""

    store: Store
    release: int
    kinds: Sequence[type[Record]]
    #: Ids of edited records by label, and by label, type and target of a relationship.
    ids: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    naming: dict[tuple[str, str, str], set[str]] = field(default_factory=dict[tuple[str, str, str], set[str]])

    def pointing(self, label: str, type_: str, targets: Collection[str]) -> set[str]:
        """Return the edited records of a label that have a relationship of one type to any of these."""
        return {id_ for target in targets for id_ in self.naming.get((label, type_, target), ())}

    async def renew(self) -> bool:
        """Read what was edited since the last look; return whether anything was."""
        found = False
        for kind in self.kinds:
            known = self.ids.setdefault(kind.label, set())
            fresh = [id_ for id_ in await edited_ids(self.store, kind.label, self.release) if id_ not in known]
            known.update(fresh)
            found = found or bool(fresh)
            for ids in portions(fresh, AT_ONCE):
                for record in (await read_records(self.store, kind.label, ids, self.release)).values():
                    for edge in record.edges():
                        self.naming.setdefault((kind.label, edge.type, edge.target), set()).add(record.id)
        return found


async def read_edited(store: Store, release: int, kinds: Sequence[type[Record]] = LEADING) -> Edited:
    """Read what a release holds of records that differ now. Costs with their number, no more."""
    edited = Edited(store, release, kinds)
    await edited.renew()
    return edited
