"""What a release says of studies and findings that were edited since: their relationships follow the newest content."""

from collections.abc import Collection
from dataclasses import dataclass, field

from kb.questions.records import read_records
from kb.store import Store, portions
from schema.finding import Finding
from schema.study import Study

#: Records read at once.
AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Edited:
    """The relationships that edited records have in a release: ids by label, type and target."""

    naming: dict[tuple[str, str, str], set[str]] = field(default_factory=dict[tuple[str, str, str], set[str]])

    def pointing(self, label: str, type_: str, targets: Collection[str]) -> set[str]:
        """Return the edited records of a label that have a relationship of one type to any of these."""
        return {id_ for target in targets for id_ in self.naming.get((label, type_, target), ())}


async def edited_ids(store: Store, label: str, release: int) -> list[str]:
    """Return the ids of the records of one label that a release holds otherwise than they are now."""
    return [row["id"] for row in await store.read("edited_nodes", label=label, release=release)]


async def read_edited(store: Store, release: int) -> Edited:
    """Read what a release holds of the studies and findings that differ now. Costs with their number, no more."""
    found = Edited()
    for kind in (Study, Finding):
        ids = await edited_ids(store, kind.label, release)
        for some in portions(ids, AT_ONCE):
            for record in (await read_records(store, kind.label, some, release)).values():
                for edge in record.edges():
                    found.naming.setdefault((kind.label, edge.type, edge.target), set()).add(record.id)
    return found
