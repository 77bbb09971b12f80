"""Relay: global ids (opaque to clients: base64 of ``Type:id``) and the interface of everything that has one."""

import base64
import binascii
from typing import Any

import strawberry

from api.graphql.derive import PLACES, shown
from kb.errors import UsageError
from schema.record import Record

#: Names of GraphQL types to labels of records.
LABELS = {name: label for label, (name, _) in PLACES.items()}


def global_id(label: str, id: str) -> str:
    """Return the global id of a record."""
    return base64.b64encode(f"{PLACES[label][0]}:{id}".encode()).decode()


def parse_global_id(text: str) -> tuple[str, str] | None:
    """Return label and plain id of a global id; None for a text that is none."""
    try:
        name, colon, plain = base64.b64decode(text, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None
    return (LABELS[name], plain) if colon and plain and name in LABELS else None


def plain_id(label: str, text: str | None) -> str | None:
    """Return the plain id that a client means by a global or a plain one. Raises UsageError for another type's."""
    found = None if text is None else parse_global_id(text)
    if found is None:
        return text
    if found[0] != label:
        raise UsageError(f"This is the id of a {found[0].lower()}.", f"Give the id of a {label.lower()}.")
    return found[1]


def _global_id(root: strawberry.Parent[Any]) -> str:
    """The global id: opaque, for `node`."""
    record: Record = root
    return global_id(record.label, record.id)


@strawberry.interface(description="Anything with a global id.")
class Node:
    """Anything with a global id."""

    id: Any = shown(_global_id, strawberry.ID)
