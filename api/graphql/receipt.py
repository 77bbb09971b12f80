"""Receipts: what an answer showed, and whether it still stands."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from inspect import isawaitable
from itertools import islice
from typing import Any

import orjson
import strawberry
from graphql import (
    ExecutionResult,
    GraphQLError,
    execute,  # pyright: ignore[reportUnknownVariableType]  # a Generic without its argument in graphql-core
    parse,
    validate,
)
from strawberry import Parent

from api.graphql.change import AnswerChange
from api.graphql.context import Context, Info
from api.graphql.derive import field_meanings, shown
from api.http.execution import DeadlineExecutor
from kb.errors import UsageError
from kb.questions import PageRequest, Questions, changes
from kb.questions.differing import Differing, differing
from kb.questions.paging import LARGEST_PAGE
from kb.questions.receipts import data_hash
from schema import receipt as records


@dataclass(frozen=True, slots=True)
class Checked:
    """A receipt, and what asking again gives: at its own release, and now.

    ``intact``: its own release still gives the very same data. ``stands``: so does release ``newest``. ``changes``: the
    answers among what was shown that have changed since. ``differing``: where the data differs. At most 100 of each.
    """

    receipt: records.Receipt
    intact: bool
    stands: bool
    newest: int
    changes: Sequence[changes.AnswerChange]
    differing: Sequence[Differing]


async def check_receipt(questions: Questions, id: str, deadline: float) -> Checked:
    """Find a receipt and ask again, until ``deadline`` on the monotonic clock. Raises NotFound."""
    receipt = await questions.receipts.find(id.strip().lower())
    newest = await questions.number()
    then = Context(lambda: questions, deadline, receipt.release)
    now = Context(lambda: questions, deadline, newest)
    was, held = await _asked(receipt, then), await _asked(receipt, now)
    intact, stands = (one.data_hash == receipt.data_hash for one in (was, held))
    changed: Sequence[changes.AnswerChange] = ()
    pairs = frozenset(then.shown | now.shown)
    if pairs and not stands:
        page = PageRequest(LARGEST_PAGE)
        found = await changes.read_changes(questions, page, since=receipt.release, until=newest, pairs=pairs)
        changed = found.items
    told = was.differing_from(held) if intact and not stands else ()
    return Checked(receipt, intact, stands, newest, changed, list(islice(told, LARGEST_PAGE)))


@dataclass(frozen=True, slots=True)
class _Answer:
    """The data that a question gives; None where it cannot be answered any more, and why."""

    data: Any
    wrong: str = "The question is no longer understood."

    @property
    def data_hash(self) -> str | None:
        return None if self.data is None else data_hash(self.data)

    def differing_from(self, other: "_Answer") -> Iterator[Differing]:
        if other.data is None:
            yield Differing("", None, other.wrong)
        else:
            yield from differing(self.data, other.data)


async def _asked(receipt: records.Receipt, context: Context) -> _Answer:
    """Ask what the receipt asks."""
    # The schema holds the type of this module.
    from api.graphql.schema import core_schema

    try:
        document = parse(receipt.query)
    except GraphQLError:
        return _Answer(None)
    if validate(core_schema(), document):
        return _Answer(None)
    result = execute(
        core_schema(),
        document,
        context_value=context,
        variable_values=orjson.loads(receipt.variables),
        operation_name=receipt.operation_name,
        executor_class=DeadlineExecutor,
    )
    finished: ExecutionResult = await result if isawaitable(result) else result
    return _Answer(None, finished.errors[0].message) if finished.errors else _Answer(finished.data)


_MEANINGS = field_meanings(records.Receipt)


def _key(root: Parent[Checked]) -> str:
    """The receipt's id, as answers carry it in `extensions.receipt`."""
    return root.receipt.id


def _operation_name(root: Parent[Checked]) -> str | None:
    """The name of the operation that was asked, where it has one."""
    return root.receipt.operation_name


def _of_receipt(name: str) -> Any:
    def read(root: Parent[Checked]) -> Any:
        return getattr(root.receipt, name)

    read.__doc__ = _MEANINGS[name]
    return read


@strawberry.type(description="A place in which the data of a receipt is not what its question gives now.")
class ReceiptDifference:
    """A place in the data, and what it held and holds."""

    place: str = strawberry.field(description="Such as `evidence.nodes[0].sentence`; empty for all of it.")
    before: str | None = strawberry.field(description="What was shown, as JSON; of a list its length. Cut if long.")
    after: str | None = strawberry.field(description="What is shown now, or why nothing can be.")

    @classmethod
    def is_type_of(cls, source: Any, _: Any) -> bool:
        """Say whether a value is one."""
        return isinstance(source, Differing)


@strawberry.type(description="What an answer showed, and whether it still stands.")
class Receipt:
    """What an answer showed."""

    key: str = shown(_key)
    query: str = shown(_of_receipt("query"), str)
    variables: str = shown(_of_receipt("variables"), str)
    operation_name: str | None = shown(_operation_name)
    release: int = shown(_of_receipt("release"), int)
    data_hash: str = shown(_of_receipt("data_hash"), str)
    given: str = shown(_of_receipt("given"), str)
    intact: bool = strawberry.field(description="Whether its own release still gives the very same data.")
    stands: bool = strawberry.field(description="Whether the newest release gives the very same data.")
    newest: int = strawberry.field(description="The newest release, which it was compared with.")
    changes: list[AnswerChange] = strawberry.field(
        description="The answers among what was shown that have changed since; at most 100."
    )
    differing: list[ReceiptDifference] = strawberry.field(
        description="Where the newest release shows something else, in an answer or beside it; at most 100."
    )

    @classmethod
    def is_type_of(cls, source: Any, _: Any) -> bool:
        """Say whether a value is one."""
        return isinstance(source, Checked)


async def ask_receipt(info: Info, id: strawberry.ID) -> Any:
    """What an answer showed, by the receipt it carried in `extensions`, and whether it still stands. One a request."""
    context = info.context
    if context.checked:
        raise UsageError("One request checks one receipt.", "Send one request for each receipt.")
    context.checked, context.settled = True, False
    return await check_receipt(context.questions, id, context.deadline)
