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


def renewal(index: str) -> tuple[str, str]:
    """The statements that drop an index of the schema and make it again. Raises LookupError for another name."""
    for statement in statements(schema_text()):
        if statement.startswith(f"CREATE INDEX {index} "):
            return f"DROP INDEX {index} IF EXISTS", statement
    raise LookupError(f"schema/graph.cypher has no index {index}")
