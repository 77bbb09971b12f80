"""Query texts: each a file NAME.cypher whose first line says what it means."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

PLACE = re.compile(r"__([A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*)__")
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


class Queries:
    """The texts of some folders, read once each, the first folder that has a name wins."""

    def __init__(self, folders: Sequence[Traversable], allowed_names: frozenset[str]) -> None:
        self.allowed_names = allowed_names
        self._folders = tuple(folders)
        self._texts: dict[str, str] = {}
        self._filled: dict[tuple[str, tuple[tuple[str, str], ...]], str] = {}

    def text(self, query: str, names: Mapping[str, str] | None = None) -> str:
        """The text of a query, its `__Place__` marks filled from names.

        Raises LookupError for an unknown query; ValueError for a name that is not allowed, and
        for a place without a name or a name without a place.
        """
        key = (query, tuple(sorted(names.items())) if names else ())
        filled = self._filled.get(key)
        if filled is None:
            filled = self._filled[key] = self._fill(query, names or {})
        return filled

    def _fill(self, query: str, names: Mapping[str, str]) -> str:
        text = self._read(query)
        places = set(PLACE.findall(text))
        if places != set(names):
            raise ValueError(f"{query}.cypher has the places {places}, not {set(names)}")
        for name in names.values():
            # The allow-list alone decides; the pattern guards against a careless list.
            if name not in self.allowed_names or not NAME.fullmatch(name):
                raise ValueError(f"'{name}' is not an allowed label, type or property")
        return PLACE.sub(lambda mark: names[mark[1]], text)

    def _read(self, query: str) -> str:
        text = self._texts.get(query)
        if text is None:
            text = self._texts[query] = self._find(query)
        return text

    def _find(self, query: str) -> str:
        if not NAME.fullmatch(query):
            raise LookupError(f"'{query}' is not the name of a query")
        for folder in self._folders:
            file = folder / f"{query}.cypher"
            if file.is_file():
                text = file.read_text(encoding="utf-8")
                if not text.startswith("// "):
                    raise ValueError(f"{query}.cypher does not say its meaning in its first line")
                return text
        raise LookupError(f"no folder has a query called '{query}'")


@cache
def own_queries() -> Traversable:
    """The folder of the queries that ship with Treatise."""
    return files("kb") / "queries"
