"""Account: a person who loads, reviews or publishes."""

from typing import ClassVar

from schema.ids import Slug
from schema.record import Record


class Account(Record):
    """A person who loads, reviews or publishes."""

    label: ClassVar[str] = "Account"

    id: Slug
    name: str
