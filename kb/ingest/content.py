"""Content: what is made of a record alone, whatever the graph holds, so that it can be made ahead."""

from dataclasses import dataclass
from typing import Any

from kb.matching import Facts, keys_of
from kb.store import weight_of
from schema.citation import Citation
from schema.record import Record

#: Bytes that a node has beside its record.
ENVELOPE = 700


@dataclass(frozen=True, slots=True)
class Content:
    """A record with its hash and its node properties; of a citation, what it is matched by."""

    record: Record
    hash: str
    #: The match keys of a citation included.
    properties: dict[str, Any]
    facts: Facts | None
    match_keys: dict[str, str]
    #: Roughly the bytes that it takes to write the node.
    weight: int

    @classmethod
    def of(cls, record: Record) -> "Content":
        """Make the content of a record."""
        facts = Facts.of(record) if isinstance(record, Citation) else None
        match_keys = keys_of(facts) if facts else {}
        properties, content_hash = record.stored()
        properties |= match_keys
        return cls(record, content_hash, properties, facts, match_keys, weight_of(properties) + ENVELOPE)
