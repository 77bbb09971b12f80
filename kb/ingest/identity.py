"""Which citations are one by their identifiers; what those leave open is for kb.matching."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from kb.matching import Facts, facts_clash
from schema.citation import Citation
from schema.records import IDENTIFIERS


class Contradiction(Exception):
    """Identifiers that belong to different works; the message says which."""


@dataclass(frozen=True, slots=True)
class Alias:
    """An id or outside identifier of a citation that was merged into another one."""

    name: str
    value: str
    into: str


@dataclass
class Identities:
    """Known citations by id and outside identifier; grows while records come in."""

    by_key: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])
    #: The identifiers of each citation, and the records that they were read from.
    identifiers: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    records: dict[str, list[Citation | Facts]] = field(default_factory=dict[str, list[Citation | Facts]])
    #: Identifiers that a citation took over from another one.
    aliases: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])

    @classmethod
    def of(cls, citations: Iterable[Citation], aliases: Iterable[Alias] = ()) -> "Identities":
        """Make an index of citations, and of those that were merged into them."""
        made = cls()
        for citation in citations:
            made.add(citation, citation.id, citation)
        for alias in aliases:
            if (alias.name, alias.value) not in made.by_key:
                made.aliases[alias.name, alias.value] = alias.into
        return made

    def add(self, citation: Citation, id_: str, read: Citation | Facts) -> None:
        """Remember a record of the citation ``id_``, also under the id it came with.

        ``read``: its facts, or itself where they may never be needed.
        """
        known = self.identifiers.setdefault(id_, {})
        for name, value in _keys(citation):
            if (name, value) not in self.aliases:
                self.by_key[name, value] = id_
                if name != "id":
                    known.setdefault(name, value)
        self.by_key["id", id_] = id_
        self.records.setdefault(id_, []).append(read)

    def find_again(self, citation: Citation, facts: Facts, given_up: Sequence[tuple[str, str]]) -> str | None:
        """Find a citation that has these identifiers (name, value) no longer; if it contradicts others, it keeps them.

        Raises Contradiction.
        """
        owners = {key: self.by_key.pop(key) for key in given_up if key in self.by_key}
        for (name, value), id_ in owners.items():
            if self.identifiers[id_].get(name) == value:
                del self.identifiers[id_][name]
        try:
            return self.find(citation, facts)
        except Contradiction:
            self.by_key |= owners
            for (name, value), id_ in owners.items():
                self.identifiers[id_][name] = value
            raise

    def find(self, citation: Citation, facts: Facts) -> str | None:
        """Return the id of the known citation that is the same work, or None. Raises Contradiction.

        The same work: an equal id, PMID, DOI or PMCID, and no identifier that differs. An identifier alone does not
        make one work of an article and the notice that was filed under the article's DOI.
        """
        keys = list(_keys(citation))
        found = {self.by_key[key] for key in keys if key in self.by_key}
        found |= {self.aliases[key] for key in keys if key in self.aliases}
        if not found:
            return None
        if len(found) > 1:
            one, other = sorted(found)[:2]
            raise Contradiction(
                f"its identifiers belong to two citations, {one} and {other}; correct the identifiers in the source, "
                f"or merge the two first: kb duplicates --merge {one} {other}"
            )
        (same,) = found
        known = self.identifiers.get(same, {})
        for name in IDENTIFIERS:
            ours, theirs = getattr(citation, name), known.get(name)
            if ours and theirs and ours != theirs and self.aliases.get((name, ours)) != same:
                raise Contradiction(
                    f"it shares an identifier with {same}, which has the {name.upper()} {theirs}, not {ours}; "
                    "one of the two is wrong: correct it in the source"
                )
        if self.by_key.get(("id", citation.id)) != same:
            for record in self.records.get(same, ()):
                if clash := facts_clash(record if isinstance(record, Facts) else Facts.of(record), facts):
                    raise Contradiction(
                        f"it has an identifier of {same}, but {clash}; give each work its own identifier in the source"
                    )
        return same


def _keys(citation: Citation) -> Iterator[tuple[str, str]]:
    yield "id", citation.id
    for name in IDENTIFIERS:
        if value := getattr(citation, name):
            yield name, value
