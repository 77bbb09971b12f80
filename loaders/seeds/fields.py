"""Fields of one entry to one record: validation errors with the line and the fix."""

import difflib
import typing
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from loaders.seeds.nodes import Mapping, Node, Scalar, Sequence
from loaders.seeds.reading import Fault
from schema.parsed import Problem
from schema.record import Record

Built = TypeVar("Built", bound=Record)


#: What an entry may hold beside the fields of its record.
SHORT_FORMS = {"Citation": ("author", "local"), "Study": ("findings",), "Page": ("statements", "references")}


class Refused(Exception):
    """An entry that is no good record; carries every fault."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(faults)
        self.faults = faults

    def problems(self, name: str) -> Iterator[Problem]:
        """Yield the faults as problems of the file ``name``, by line and in the order found, each once."""
        for fault in sorted(dict.fromkeys(self.faults), key=lambda fault: fault.line):
            yield Problem(f"{name}:{fault.line}", fault.message)


def place(name: str, node: Node) -> str:
    """Return where a node stands: ``file:line``."""
    return f"{name}:{node.line}"


def build(record: type[Built], node: Mapping, **derived: object) -> Built:
    """Return the record with the entry's fields and the derived ones. Raises Refused with all faults."""
    given = [name for name in derived if name in node.fields and name != "citation"]
    if given:
        raise Refused(
            [Fault(node.lines[name], f"{name} is derived from the other fields; leave it out") for name in given]
        )
    data = {name: _value(value) for name, value in node.fields.items()} | derived
    try:
        made = record.model_validate(data)
    except ValidationError as error:
        errors = error.errors(include_url=False)
        if not _as_written(node, data, errors):
            raise Refused([_fault(record, node, one) for one in errors]) from None
        try:
            made = record.model_validate(data)
        except ValidationError as again:
            raise Refused([_fault(record, node, one) for one in again.errors(include_url=False)]) from None
    faults = list(_sense(node))
    if faults:
        raise Refused(faults)
    return made


def _value(node: Node) -> Any:
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return [_value(item) for item in node.items]
    return {name: _value(value) for name, value in node.fields.items()}


def _as_written(node: Mapping, data: dict[str, Any], errors: list[ErrorDetails]) -> bool:
    """Put numbers back as they were written where a text is wanted: ``pmid: 26218762``, ``p: 0.030``."""
    changed = False
    for error in errors:
        found = _find(node, error["loc"])[0]
        if error["type"] != "string_type" or not isinstance(found, Scalar):
            continue
        if isinstance(found.value, int | float) and not isinstance(found.value, bool):
            holder: Any = data
            for step in error["loc"][:-1]:
                holder = holder[step]
            holder[error["loc"][-1]] = found.text
            changed = True
    return changed


def _find(node: Node, loc: tuple[int | str, ...]) -> tuple[Node, int]:
    """Return the node at a path, or the nearest one above it, and the line to show."""
    line = node.line
    for step in loc:
        if isinstance(node, Mapping) and step in node.fields:
            line, node = node.lines.get(str(step), node.line), node.fields[str(step)]
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
            line = node.line
        else:
            break
    return node, line


def _fault(record: type[BaseModel], node: Mapping, error: ErrorDetails) -> Fault:
    loc = error["loc"]
    found, line = _find(node, loc)
    path = ".".join(str(step) for step in loc)
    written = f", not {found.text!r}" if isinstance(found, Scalar) and loc else ""
    match error["type"]:
        case "extra_forbidden":
            model = _model(record, loc[:-1])
            known = [*model.model_fields, *SHORT_FORMS.get(model.__name__, ())]
            return Fault(line, f"unknown field '{path}'{closest(str(loc[-1]), known)}; fields are {', '.join(known)}")
        case "missing":
            return Fault(line, f"{path} is missing; give it")
        case "enum":
            return Fault(line, f"{path} must be {error.get('ctx', {}).get('expected')}{written}")
        case "greater_than_equal" | "less_than_equal" | "greater_than" | "less_than" | "string_pattern_mismatch":
            return Fault(line, f"{path}: {_lower(error['msg'])}{written}")
        case "value_error":
            said = str(error.get("ctx", {}).get("error", error["msg"]))
            return Fault(line, f"{path}: {said}" if path else said)
        case _:
            return Fault(line, f"{path}: {_lower(error['msg'])}{written}")


def _model(record: type[BaseModel], loc: tuple[int | str, ...]) -> type[BaseModel]:
    """Return the model of the structure at a path: Study, ("harms", 0) gives Harm."""
    model = record
    for step in loc:
        if isinstance(step, str) and step in model.model_fields:
            inner = _inner(model.model_fields[step].annotation)
            if inner is None:
                break
            model = inner
    return model


def _inner(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for part in typing.get_args(annotation):
        found = _inner(part)
        if found is not None:
            return found
    return None


def _lower(message: str) -> str:
    return message[:1].lower() + message[1:]


def _sense(node: Mapping) -> Iterator[Fault]:
    """Yield what no type can tell: a year to come, an interval without its estimate."""
    year = node.fields.get("year")
    if isinstance(year, Scalar) and isinstance(year.value, int) and year.value > datetime.now(UTC).year:
        yield Fault(year.line, f"year {year.value} is in the future; give the year in print, or leave it out")
    effect = node.fields.get("effect")
    if isinstance(effect, Mapping):
        numbers = effect.fields
        if ("ci_low" in numbers or "ci_high" in numbers) and not ("estimate" in numbers or "printed" in numbers):
            yield Fault(
                effect.line,
                "effect has an interval without its estimate; give the estimate, or the source's text in 'printed'",
            )


def closest(word: str, known: Iterable[str]) -> str:
    """Return a hint with the nearest known word, or nothing."""
    near = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean '{near[0]}'?" if near else ""
