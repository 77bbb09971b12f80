"""Citations that a record names: in fields of its own, and inside its harms and readings."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from schema.record import Record, references
from schema.study import Study


def citations_named(record: Record) -> Iterator[str]:
    """Yield the ids of the citations that a record names; some may come more than once."""
    for name, ref in references(type(record)).items():
        if ref.label == "Citation":
            value = getattr(record, name)
            yield from [value] if isinstance(value, str) else value or ()
    if isinstance(record, Study):
        yield from (harm.citation for harm in record.harms)
        yield from (reading.citation for reading in record.readings)


def rename(record: Record, renamed: Mapping[str, str]) -> Record:
    """Point a record at the ids that its citations have in the graph."""
    if not renamed or not any(id_ in renamed for id_ in citations_named(record)):
        return record
    changed: dict[str, Any] = {}
    for name, ref in references(type(record)).items():
        if ref.label == "Citation" and (value := getattr(record, name)) is not None:
            changed[name] = (
                renamed.get(value, value)
                if isinstance(value, str)
                else tuple(dict.fromkeys(renamed.get(one, one) for one in value))
            )
    if isinstance(record, Study):
        move: Callable[[Any], Any] = lambda part: part.model_copy(  # noqa: E731
            update={"citation": renamed.get(part.citation, part.citation)}
        )
        changed["harms"] = tuple(move(harm) for harm in record.harms)
        changed["readings"] = tuple(move(reading) for reading in record.readings)
    return record.model_copy(update=changed)
