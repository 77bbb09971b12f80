"""Writes that are asked for again because the engine ended before it could say that they were kept."""

from collections.abc import Sequence
from typing import Any

import pytest

from kb.store import Statement, Store


def write_twice(patch: pytest.MonkeyPatch, store: Store) -> None:
    """Let the store run each write twice."""
    once = store.write_all

    async def twice(writes: Sequence[Statement], **given: Any) -> list[list[dict[str, Any]]]:
        await once(writes, **given)
        return await once(writes, **given)

    patch.setattr(store, "write_all", twice)
