"""Which citations are one: by identifiers, and never on a guess."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from schema.citation import Citation
from schema.records import IDENTIFIERS


class Contradiction(Exception):
    """Identifiers that belong to different works; the message says which."""


@dataclass
class Identities:
    """Known citations by id and outside identifier; grows while records come in."""

    by_key: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])
    known: dict[str, Citation] = field(default_factory=dict[str, Citation])

    @classmethod
    def of(cls, citations: Iterable[Citation]) -> "Identities":
        """Make an index of citations."""
        made = cls()
        for citation in citations:
            made.add(citation)
        return made

    def add(self, citation: Citation, given_id: str | None = None) -> None:
        """Remember a citation, also under the id it came with."""
        self.known[citation.id] = citation
        for key in _keys(citation):
            self.by_key[key] = citation.id
        if given_id is not None:
            self.by_key["id", given_id] = citation.id

    def find(self, citation: Citation) -> str | None:
        """Return the id of the known citation that is the same work, or None. Raises Contradiction.

        The same work: an equal id, PMID, DOI or PMCID, and no identifier that differs.
        """
        found = {self.by_key[key] for key in _keys(citation) if key in self.by_key}
        if not found:
            return None
        if len(found) > 1:
            one, other = sorted(found)[:2]
            raise Contradiction(
                f"its identifiers belong to two citations, {one} and {other}; correct the identifiers in the source, "
                "or merge the two first"
            )
        (same,) = found
        for name in IDENTIFIERS:
            ours, theirs = getattr(citation, name), getattr(self.known[same], name)
            if ours and theirs and ours != theirs:
                raise Contradiction(
                    f"it shares an identifier with {same}, which has the {name.upper()} {theirs}, not {ours}; "
                    "one of the two is wrong: correct it in the source"
                )
        return same


def _keys(citation: Citation) -> Iterator[tuple[str, str]]:
    yield "id", citation.id
    for name in IDENTIFIERS:
        if value := getattr(citation, name):
            yield name, value
