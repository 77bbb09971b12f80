"""What one request carries to its fields: one release, the questions, loaders that ask in batches, a deadline."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal, TypeAlias

import strawberry
from strawberry.dataloader import DataLoader

from api.http.execution import Answered
from kb.errors import NotFound, StoreUnavailable, UsageError
from kb.ingest.apply import now
from kb.questions import Questions
from kb.questions.pages import parts_of_pages
from kb.questions.receipts import make_receipt
from schema.record import Record

#: Ids asked for in one batch.
BATCH = 500

#: What belongs to no release: it is shown as it is now.
UNRELEASED = frozenset({"Check", "PossibleDuplicate"})


class Context:
    """One request. Every field of it reads the same release: the one asked for, else the newest when it began.

    ``ask`` gives the questions, and raises StoreUnavailable while the graph cannot be reached. ``newest``: the release
    that is the newest to this request; else the one that is when it begins.
    """

    def __init__(self, ask: Callable[[], Questions], deadline: float, newest: int | None = None) -> None:
        self.deadline = deadline
        #: Whether the same question about the same release will always be answered alike: only then it is kept, and
        #: has a receipt.
        self.settled = True
        #: Whether a receipt was checked.
        self.checked = False
        #: The answers that were shown: therapy and condition of each.
        self.shown: set[tuple[str, str]] = set()
        self._ask = ask
        self._newest = newest
        self._asked = False
        self._as_of: int | None = None
        self._number: asyncio.Future[int] | None = None
        self._loaders: dict[str, DataLoader[str, Record | None]] = {}
        self._parts: dict[str, DataLoader[str, list[Any]]] = {}

    @property
    def questions(self) -> Questions:
        """The questions. Raises StoreUnavailable while the graph cannot be reached."""
        self._asked = True
        return self._ask()

    async def release(self) -> int:
        """Return the number of the release that this request reads."""
        return await self.read_at(self._as_of)

    async def read_at(self, as_of: int | None) -> int:
        """Fix the release of the request, None for the newest, and return its number.

        Raises NotFound for one that does not exist, and UsageError where another field asked for another one: an
        answer shows one state of what is known.
        """
        if self._number is None:
            self._as_of = as_of
            self._number = asyncio.ensure_future(
                self.questions.number(self._newest or None if as_of is None else as_of)
            )
        elif as_of != self._as_of:
            raise UsageError("One request reads one release.", "Give every root field the same asOf.")
        return await self._number

    async def find(self, label: str, id: str) -> Any:
        """Return a record by its plain id, None where the release does not hold it."""
        self.settled = self.settled and label not in UNRELEASED
        if label not in self._loaders:
            self._loaders[label] = DataLoader(load_fn=self._load(label), max_batch_size=BATCH)
        return await self._loaders[label].load(id)

    async def one(self, label: str, id: str) -> Any:
        """Return a record that another one refers to. Raises NotFound: a claim that cannot be followed is an error."""
        found = await self.find(label, id)
        if found is None:
            raise NotFound(id, kind=f"No {label.lower()} of this release")
        return found

    async def many(self, label: str, ids: Iterable[str]) -> list[Any]:
        """Return records in the order of their ids; those that the release does not hold are missing."""
        found = await asyncio.gather(*(self.find(label, each) for each in ids))
        return [each for each in found if each is not None]

    async def parts_of_page(self, label: Literal["Statement", "Reference"], page: str) -> list[Any]:
        """Return the statements, or the references, of a page."""
        if label not in self._parts:

            async def load(pages: list[str]) -> Sequence[list[Any]]:
                held = await parts_of_pages(self.questions, label, pages, as_of=await self.release())
                found: list[Any] = [*held.values()]
                return [[one for one in found if one.page == each] for each in pages]

            self._parts[label] = DataLoader(load_fn=load, max_batch_size=BATCH)
        return await self._parts[label].load(page)

    async def state(self) -> int | None:
        """Fix the newest release for the whole request, and return its number; None before the first."""
        try:
            self._newest = await self._ask().number()
        except StoreUnavailable:
            return None
        return self._newest or None

    async def extensions(self, answered: Answered | None) -> dict[str, Any]:
        """Return the release that was read and the receipt of the answer; nothing where nothing was asked."""
        if not self._asked:
            return {}
        try:
            number = await self.release()
        except NotFound:
            return {}
        if number == 0 or answered is None or not self.settled:
            return {"release": number}
        receipt = make_receipt(
            answered.document, answered.variables, answered.operation, number, answered.data, given=now()
        )
        self.questions.receipts.remember(receipt)
        return {"release": number, "receipt": receipt.id}

    def _load(self, label: str) -> Callable[[list[str]], Any]:
        async def load(ids: list[str]) -> Sequence[Record | None]:
            found = await self.questions.get_many(label, ids, as_of=await self.release())
            return [found.get(each) for each in ids]

        return load


Info: TypeAlias = strawberry.Info[Context, None]
