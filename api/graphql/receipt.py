"""Receipts: what an answer showed, and whether it still stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from inspect import isawaitable
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
from kb.questions.paging import LARGEST_PAGE
from kb.questions.receipts import data_hash
from schema import receipt as records


@dataclass(frozen=True, slots=True)
class Checked:
    """A receipt, and what asking again gives: at its own release, and now.

    ``intact``: its own release still gives the very same data. ``stands``: so does release ``newest``. ``changes``: the
    answers among what was shown that have changed since, at most 100.
    """

    receipt: records.Receipt
    intact: bool
    stands: bool
    newest: int
    changes: Sequence[changes.AnswerChange]


async def check_receipt(questions: Questions, id: str, deadline: float) -> Checked:
    """Find a receipt and ask again, until ``deadline`` on the monotonic clock. Raises NotFound."""
    receipt = await questions.receipts.find(id.strip().lower())
    newest = await questions.number()
    then = Context(lambda: questions, deadline, receipt.release)
    now = Context(lambda: questions, deadline, newest)
    intact = await _hash(receipt, then) == receipt.data_hash
    stands = await _hash(receipt, now) == receipt.data_hash
    changed: Sequence[changes.AnswerChange] = ()
    pairs = frozenset(then.shown | now.shown)
    if pairs and not stands:
        page = PageRequest(LARGEST_PAGE)
        found = await changes.read_changes(questions, page, since=receipt.release, until=newest, pairs=pairs)
        changed = found.items
    return Checked(receipt, intact, stands, newest, changed)


async def _hash(receipt: records.Receipt, context: Context) -> str | None:
    """Ask what the receipt asks and return the hash of the data; None where it cannot be answered any more."""
    # The schema holds the type of this module.
    from api.graphql.schema import core_schema

    try:
        document = parse(receipt.query)
    except GraphQLError:
        return None
    if validate(core_schema(), document):
        return None
    result = execute(
        core_schema(),
        document,
        context_value=context,
        variable_values=orjson.loads(receipt.variables),
        operation_name=receipt.operation_name,
        executor_class=DeadlineExecutor,
    )
    finished: ExecutionResult = await result if isawaitable(result) else result
    return None if finished.errors or finished.data is None else data_hash(finished.data)


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
