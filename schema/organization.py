"""Organization and Location: who publishes pages or offers therapies, and where."""

from typing import Annotated, ClassVar

from schema.ids import Slug
from schema.record import Record, Ref


class Organization(Record):
    """Who publishes pages or offers therapies."""

    label: ClassVar[str] = "Organization"

    id: Slug
    name: str
    url: str | None = None


class Location(Record):
    """A place of an organization."""

    label: ClassVar[str] = "Location"

    id: Slug
    name: str
    region: str | None = None
    organization: Annotated[Slug, Ref("Organization", "PLACE_OF")]
