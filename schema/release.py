"""Release: a published state of the knowledge base."""

from typing import ClassVar

from schema.record import Part, Record


class Change(Part):
    """What a release changed in one summary, and why."""

    therapy: str
    condition: str
    before: str | None = None
    after: str | None = None
    why: str


class Release(Record):
    """A published state. Its number orders releases; what it holds never changes."""

    label: ClassVar[str] = "Release"

    #: The number as text.
    id: str
    number: int
    #: UTC, ISO 8601, with Z.
    published: str
    message: str | None = None
    who: str
    #: Hash over the contents' hashes.
    content_hash_of_release: str
    #: Version of the rules that its answers were derived by.
    rules: str | None = None
    records: int = 0
    summaries_changed: int = 0
    changes: tuple[Change, ...] = ()
