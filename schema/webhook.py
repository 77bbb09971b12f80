"""Webhook: somebody's address that is told when answers change."""

from typing import ClassVar

from schema.ids import Slug
from schema.record import Record


class Webhook(Record):
    """An address that gets each release's changes of a therapy, a condition, both, or all. No secret is kept here."""

    label: ClassVar[str] = "Webhook"

    id: Slug
    url: str
    #: Only changes of this therapy and this condition, narrower ones included; None: of all.
    therapy: Slug | None = None
    condition: Slug | None = None
    #: Who added it, and when (UTC, ISO 8601, with Z).
    who: str
    created: str
    #: The newest release that the address has taken, or that held nothing for it; later ones are pending.
    delivered: int
    #: Tries of the next one that failed, and how the last try ended.
    failed: int = 0
    last_outcome: str | None = None
    last_tried: str | None = None
    #: When the address said that it is gone for good (410): it is told nothing any more.
    ended: str | None = None
