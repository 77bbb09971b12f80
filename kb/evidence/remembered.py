"""Remembered: what rests on a finding, its study and the vocabulary alone is worked out once, whatever the question."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from kb.evidence.evidence import Evidence


class Remembering(Protocol):
    """Has a memory; a result has that of its finding."""

    @property
    def memory(self) -> dict[Any, Any]:
        """What was worked out, by the function and its arguments."""
        ...


R = TypeVar("R", bound=Remembering)
P = ParamSpec("P")
T = TypeVar("T")


def remembered(work: Callable[Concatenate[R, P], T]) -> Callable[Concatenate[R, P], T]:
    """Return the function that keeps what it returned for a result and its other arguments.

    Of evidence among the arguments nothing but the vocabulary may be asked, and nothing of the result that differs from
    question to question or from rule to rule: its comparison, vote, direction, and which names it bears.
    """

    @wraps(work)
    def recalled(result: R, *args: P.args, **kwargs: P.kwargs) -> T:
        given = (*args, *kwargs.values()) if kwargs else args
        more = [each for each in given if type(each) is not Evidence] if given else ()
        key = (work, *more) if more else work
        memory = result.memory
        if key not in memory:
            memory[key] = work(result, *args, **kwargs)
        found: T = memory[key]
        return found

    return recalled
