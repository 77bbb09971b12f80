"""Work that ends in its midst, as if its process had been killed."""

from collections.abc import Awaitable, Callable
from typing import Any


class Killed(Exception):
    """The process ended."""


def killed_after(times: int, work: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """Return work that is done so many times, and whose process ends before it is done once more."""
    done = 0

    async def until_killed(*given: Any, **params: Any) -> Any:
        nonlocal done
        if done == times:
            raise Killed
        done += 1
        return await work(*given, **params)

    return until_killed
