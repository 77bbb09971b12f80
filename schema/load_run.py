"""LoadRun: who loaded what, when, from which bytes."""

from typing import ClassVar

from schema.record import Record
from schema.terms import LoadState


class LoadRun(Record):
    """One load of one source: the provenance that every loaded record points to."""

    label: ClassVar[str] = "LoadRun"

    id: str
    #: The file's name or the address as given by the person who loaded it.
    source: str
    #: Hash of the bytes.
    sha256: str
    format: str
    loader_version: str
    who: str
    #: UTC, ISO 8601, with Z.
    started: str
    finished: str | None = None
    state: LoadState
    read: int = 0
    new: int = 0
    matched: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
