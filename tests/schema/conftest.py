"""What the tests of the schema share. Hypothesis has no deadline: a busy machine is no fault of the code."""

import pytest
from hypothesis import settings

from schema.records import GRAPH_NAMES
from tests.conftest import TEST_NAMES

settings.register_profile("unhurried", settings(), deadline=None)
settings.load_profile("unhurried")


@pytest.fixture(scope="session")
def allowed_names() -> frozenset[str]:
    """Every name of the schema, and those of the tests' own queries."""
    return GRAPH_NAMES | TEST_NAMES
