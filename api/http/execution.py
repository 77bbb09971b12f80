"""Running one operation: with a deadline that also ends pure computation, and for nobody once the client is gone."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from time import monotonic
from typing import Any, Protocol, TypeVar

from starlette.types import Receive
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from api.http.request import ClientGone

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answered:
    """A question and its answer: document in one spelling, the variables it declares, its operation's name, data."""

    document: str
    variables: dict[str, Any]
    operation: str | None
    data: dict[str, Any]


class Timed(Protocol):
    """What a request carries to its resolvers, as far as the endpoint must know it."""

    #: When it must be over, on the monotonic clock.
    deadline: float
    #: Whether the same question about the same state will always be answered alike; known when it is answered.
    settled: bool

    async def state(self) -> int | None:
        """Fix the state of the data that is read, and return its number; None where there is none yet."""
        ...

    async def extensions(self, answered: Answered | None) -> dict[str, Any]:
        """Return what the answer says beside its data; None: it was not answered without an error."""
        ...


class Expired(BaseException):
    """The deadline has passed. No Exception, so that the error handling of single fields lets it through."""


class DeadlineExecutor(StrawberryGraphQLCoreExecutionContext):
    """Looks at the clock for each field: a cancelled task is only cut where it waits, not where it computes."""

    def execute_field(self, *args: Any, **kwargs: Any) -> Any:
        """Run one field unless the deadline has passed."""
        if monotonic() > self.context_value.deadline:
            raise Expired
        return super().execute_field(*args, **kwargs)


async def unless_gone(work: Coroutine[Any, Any, T], receive: Receive) -> T:
    """Return what ``work`` returns, or end it and raise ClientGone when the client hangs up first."""
    task = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(_hang_up(receive))
    try:
        await asyncio.wait((task, gone), return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise ClientGone
        return task.result()
    finally:
        for each in (task, gone):
            if not each.done():
                each.cancel()
        # Wait for the end of what was cancelled: it closes its transaction.
        await asyncio.gather(task, gone, return_exceptions=True)


async def _hang_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
