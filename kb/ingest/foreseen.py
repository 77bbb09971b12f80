"""Foreseen: the graph as a load will leave it, before it is written.

What is to be written stands before what the graph holds, whether it is there already or not: of a load the chunk that
is being written while the next one is planned, of a preview, which writes nothing, all chunks so far.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from kb.ingest.existing import (
    BY_IDENTIFIER,
    BY_MATCH_KEY,
    MERGED_ANY,
    MERGED_BY_IDENTIFIER,
    PAIRS_OF_ONE,
    PAIRS_OF_OTHER,
)
from kb.ingest.trials import BY_NUMBER, OF_REPORTS
from kb.ingest.unwritten import Unwritten
from kb.ingest.withdrawing import part_asked
from kb.questions.merged import MERGED_INTO
from kb.store import Reads, Row
from schema.record import MATCH_KEYS
from schema.records import IDENTIFIERS

#: By which properties the nodes of a label are looked for, besides their ids.
KEYED: Mapping[str, Sequence[str]] = {
    "Citation": (*IDENTIFIERS, *MATCH_KEYS),
    "MergedCitation": (*IDENTIFIERS, "into"),
    "PossibleDuplicate": ("one", "other"),
    "Finding": ("study",),
    "Statement": ("page",),
    "Reference": ("page",),
    "Study": ("registry_numbers", "citations"),
}
#: Queries that return the nodes of one label by one property: the two, where they are not named with the query, and
#: the parameter with the values that are looked for.
NODES: Mapping[str, tuple[str, str, str]] = {
    BY_IDENTIFIER: ("Citation", "", "values"),
    MERGED_INTO: ("MergedCitation", "into", "ids"),
    PAIRS_OF_ONE: ("PossibleDuplicate", "one", "ids"),
    PAIRS_OF_OTHER: ("PossibleDuplicate", "other", "ids"),
    BY_NUMBER: ("Study", "registry_numbers", "numbers"),
}


class Foreseen:
    """Answers the queries of a plan. Raises LookupError for another query, which is a mistake in our code."""

    def __init__(self, graph: Reads, unwritten: Unwritten) -> None:
        self._graph = graph
        self._unwritten = unwritten

    def add(self, label: str, nodes: Iterable[Row]) -> None:
        """Let nodes, given by their properties, stand in place of what they were."""
        names = ("id", *KEYED.get(label, ()))
        for node in nodes:
            keys = [(name, value) for name in names for value in _values(node.get(name))]
            self._unwritten.add(label, node, keys)

    async def nodes(self, label: str, ids: Iterable[str]) -> list[Row]:
        """Return the properties of nodes, as :meth:`kb.store.Store.nodes` would after the load."""
        wanted = sorted(set(ids))
        return self._before(
            await self._graph.nodes(label, wanted), label, self._with(label, "id", wanted), _id, _itself
        )

    async def read(self, query: str, /, names: Mapping[str, str] | None = None, **params: Any) -> list[Row]:
        """Return the rows of a query, as :meth:`kb.store.Store.read` would after the load."""
        rows = await self._graph.read(query, names, **params)
        label, name = (names or {}).get("Label", ""), (names or {}).get("property", "")
        if query in NODES:
            fixed, key, values = NODES[query]
            label = fixed or label
            return self._before(rows, label, self._with(label, key or name, params[values]))
        if query == "nodes_exist":
            mine = self._with(label, "id", params["ids"])
            return self._before(rows, label, mine, _id, lambda node: {"id": node["id"]})
        if query == "all_nodes":
            held = ({"node": node} for node in rows[0]["nodes"])
            return [{"nodes": [row["node"] for row in self._before(list(held), label, self._unwritten.all(label))]}]
        if query == BY_MATCH_KEY:
            return self._before(rows, "Citation", self._with("Citation", name, params["values"]), _id, _itself)
        if query == MERGED_ANY:
            return rows or [{"id": node["id"]} for node in self._unwritten.all("MergedCitation")][:1]
        if query == MERGED_BY_IDENTIFIER:
            mine = self._with("MergedCitation", name, params["values"])
            return [*rows, *({"into": node["into"], "value": node[name]} for node in mine)]
        if (asked := part_asked(query, names)) is not None:
            mine = self._with(asked.part.label, asked.owner, params["ids"])
            return self._before(rows, asked.part.label, mine, _id, lambda node: {"id": node["id"]})
        if query == OF_REPORTS:
            return self._studies_of(rows, params["ids"])
        raise LookupError(f"nobody says how {query} is foreseen; say it in {__name__}")

    def _studies_of(self, rows: Sequence[Row], citations: Sequence[str]) -> list[Row]:
        known = self._unwritten.known("Study", (row["study"] for row in rows))
        mine = self._with("Study", "citations", citations)
        reports = [(id_, node["id"]) for node in mine for id_ in node["citations"] if id_ in citations]
        stands = [row for row in rows if row["study"] not in known]
        return [*stands, *({"citation": citation, "study": study} for citation, study in reports)]

    def _before(
        self,
        rows: Sequence[Row],
        label: str,
        mine: Iterable[Row],
        id_of: Callable[[Row], str] = lambda row: row["node"]["id"],
        row_of: Callable[[Row], Row] = lambda node: {"node": node},
    ) -> list[Row]:
        """The graph's rows but for those of nodes that stand otherwise here, and the rows of these."""
        known = self._unwritten.known(label, map(id_of, rows))
        return [*(row for row in rows if id_of(row) not in known), *map(row_of, mine)]

    def _with(self, label: str, name: str, values: Iterable[str]) -> list[Row]:
        """The nodes that have one of these values, each once."""
        wanted = set(values)
        found = self._unwritten.found(label, name, wanted)
        return [node for node in found if wanted.intersection(_values(node.get(name)))]


def _id(row: Row) -> str:
    return row["id"]


def _itself(node: Row) -> Row:
    return node


def _values(value: str | list[str] | None) -> Sequence[str]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else value
