"""What the tests of the knowledge base share."""

import pytest

from schema.records import GRAPH_NAMES
from tests.conftest import TEST_NAMES


@pytest.fixture(scope="session")
def allowed_names() -> frozenset[str]:
    """All names of the schema, and those of the tests' own queries."""
    return GRAPH_NAMES | TEST_NAMES
