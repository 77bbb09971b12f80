"""Constraints and indexes, as statements of schema/graph.cypher."""

import hashlib
import re
from functools import cache
from importlib.resources import files


@cache
def schema_text() -> str:
    """The declaration of the graph's constraints and indexes, as it stands in its file."""
    return (files("schema") / "graph.cypher").read_text(encoding="utf-8")


def statements(text: str) -> list[str]:
    """The statements of a script: split at semicolons, without comments and empty ones."""
    bare = re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE)
    return [statement.strip() for statement in bare.split(";") if statement.strip()]


def fingerprint(text: str) -> str:
    """Changes whenever the text does."""
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def indexes() -> dict[str, str]:
    """The statement that makes each index of the schema, by the index's name."""
    made = (re.match(r"\w+ INDEX (\w+) ", statement) for statement in statements(schema_text()))
    return {index[1]: index.string for index in made if index is not None}
