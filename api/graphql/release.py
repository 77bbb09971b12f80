"""Releases: published states of the knowledge base."""

from strawberry import Parent

from api.graphql.derive import record_type, shown
from api.graphql.node import Node
from schema import release as records


def _content_hash(root: Parent[records.Release]) -> str:
    """Hash over the contents' hashes: equal content, equal hash."""
    return root.content_hash_of_release


@record_type(records.Release, key="key", left_out={"content_hash_of_release": "shown as contentHash"})
class Release(Node):
    """A published state."""

    content_hash: str = shown(_content_hash)
