"""Values of JSON documents: texts out of whatever stands where a text should, and whole replies of an interface."""

import json
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, cast

from loaders.encoding import CONTROLS, read_text
from schema.parsed import Problem


def text_of_value(value: Any) -> str | None:
    """Return a text, a number as text, or the first of a list."""
    if isinstance(value, list):
        value = next(iter(cast("list[Any]", value)), None)
    if isinstance(value, str):
        # Escapes can name what no text holds: controls, and half of a surrogate pair.
        return value.encode("utf-8", errors="replace").decode().translate(CONTROLS)
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def texts(value: Any) -> list[str]:
    """Return the texts of a list, or the one text as a list."""
    values = cast("list[Any]", value) if isinstance(value, list) else [value]
    return [text for one in values if (text := text_of_value(one))]


def mapping(value: Any) -> dict[str, Any]:
    """Return an object; an empty one for whatever is none."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def mappings(value: Any) -> list[dict[str, Any]]:
    """Return the objects of a list."""
    return (
        [mapping(one) for one in cast("list[Any]", value) if isinstance(one, dict)] if isinstance(value, list) else []
    )


def json_object(content: bytes) -> dict[str, Any]:
    """Return the one object that a reply is; an empty one where it is cut off, or is something else."""
    try:
        return mapping(json.loads(content))
    except (ValueError, RecursionError):
        return {}


def holds(*keys: str) -> Callable[[bytes], bool]:
    """Return a test whether a reply is one whole JSON object with all these keys."""
    return lambda content: set(keys) <= json_object(content).keys()


def document_of(text: str, name: str) -> Any:
    """Return what a JSON text holds; a Problem where it is broken."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        broken = isinstance(error, json.JSONDecodeError)
        where = f"{name}:{error.lineno}:{error.colno}" if broken else name
        reason = error.msg if broken else "it is too deep, or a number too long"
        return Problem(where, f"the JSON is broken: {reason}; nothing of it was read, get it again")


def reply(stream: BinaryIO, name: str) -> Iterator[Problem | dict[str, Any]]:
    """Yield problems, and the one object that a reply is; nothing but a problem where it is none."""
    text, problems = read_text(stream, name)
    yield from problems
    document = document_of(text, name)
    if isinstance(document, Problem):
        yield document
    elif isinstance(document, dict):
        yield cast("dict[str, Any]", document)
    else:
        yield Problem(name, "a reply is one JSON object, and this is none")
