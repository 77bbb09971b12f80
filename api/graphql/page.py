"""Pages for patients, what they claim, and what they cite."""

from api.graphql.derive import record_type
from api.graphql.node import Node
from schema import page as records


@record_type(records.Page, left_out={"publisher": "organizations have no questions yet"})
class Page(Node):
    """A page for patients."""


@record_type(records.Statement)
class Statement(Node):
    """One claim of a page."""


@record_type(records.Reference)
class Reference(Node):
    """One entry of a list of references."""
