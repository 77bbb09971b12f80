"""The hand-labelled pairs, as records."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from schema.citation import Author, Citation, Retraction, citation_id, local_key
from schema.terms import RetractionState

FILE = Path(__file__).parents[2] / "fixtures" / "matching" / "pairs.yaml"


@dataclass(frozen=True)
class Labelled:
    """Two records, what must come of them, and why."""

    expect: str
    why: str
    one: Citation
    other: Citation


def labelled_pairs() -> list[Labelled]:
    """Read the pairs."""
    rows = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return [
        Labelled(row["expect"], row["why"], record(row["one"]), record(row["one"] | row["other"], "b")) for row in rows
    ]


def record(given: dict[str, Any], mark: str = "a") -> Citation:
    """Make a citation of the fields of a pair."""
    fields = {name: value for name, value in given.items() if value is not None}
    authors: tuple[Author, ...] = ()
    if names := fields.pop("author", None):
        parts = [name.rsplit(" ", 1) for name in names.split(", ")]
        authors = tuple(Author(family=family, initials=initials) for family, initials in parts)
    if state := fields.pop("retracted", None):
        fields["retraction"] = Retraction(state=RetractionState.RETRACTED, date=str(state))
    key = local_key(str(sorted(given.items(), key=str)))
    local = None if "pmid" in fields or "doi" in fields else f"{key}-{mark}"
    id_ = citation_id(pmid=fields.get("pmid"), doi=fields.get("doi"), local=local)
    return Citation.model_validate({"id": id_, "authors": authors, **fields})
