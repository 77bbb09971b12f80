"""What every command has at hand: the settings, and the open store."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from kb.errors import Interrupted

if TYPE_CHECKING:
    from kb.settings import Settings
    from kb.store import Store
    from loaders.fetch.client import Access, Web

T = TypeVar("T")

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]

#: What is said where somebody was asked and did not agree.
NOTHING = "Nothing was written."


def settings() -> "Settings":
    """Return the settings of the environment."""
    from kb.settings import Settings

    return Settings()


def access() -> "Access":
    """Return how sources are asked over the network."""
    from loaders.fetch.client import Access, Sources

    found = settings()
    mirrors = {
        "pubmed": found.pubmed_url,
        "pmc_ids": found.pmc_ids_url,
        "crossref": found.crossref_url,
        "europe_pmc": found.europe_pmc_url,
        "clinicaltrials": found.clinicaltrials_url,
    }
    return Access(
        sources=Sources(**{name: address.rstrip("/") for name, address in mirrors.items() if address}),
        contact=found.contact,
        ncbi_api_key=found.ncbi_api_key.get_secret_value() if found.ncbi_api_key else None,
        cache=found.home / "cache",
        offline=found.offline,
    )


@asynccontextmanager
async def asked_web(access: "Access") -> "AsyncGenerator[Web]":
    """Open the client of the sources. What they raise becomes SourceUnavailable, unless it is caught inside."""
    from kb.errors import SourceUnavailable
    from loaders.fetch.client import open_web
    from loaders.fetch.errors import FetchError

    try:
        async with open_web(access) as web:
            yield web
    except FetchError as wrong:
        raise SourceUnavailable(wrong.message, wrong.hint) from wrong


@contextmanager
def interruptible(
    told: str = "Interrupted. What was written until then is whole, and stays.",
    hint: str = "Running it again completes it.",
) -> Generator[None]:
    """Let Ctrl-C end the block with words. Raises Interrupted."""
    try:
        yield
    except KeyboardInterrupt:
        raise Interrupted(told, hint) from None


def before_writing() -> AbstractContextManager[None]:
    """Read in the block what a command is about to write: who interrupts it is told that nothing was written."""
    return interruptible(f"Interrupted while reading. {NOTHING}", "Run it again to read it anew.")


def agreed(question: str, otherwise: str) -> bool:
    """Ask whoever sits at the terminal. A no is told with ``otherwise``, and so is Ctrl-C, which raises Interrupted."""
    try:
        yes = typer.confirm(question)
    except typer.Abort:
        typer.echo(err=True)
        raise Interrupted(f"Interrupted. {otherwise}") from None
    if not yes:
        typer.echo(otherwise)
    return yes


def with_store(work: "Callable[[Store], Coroutine[Any, Any, T]]") -> T:
    """Run ``work`` with the open store, its constraints in place. Raises Interrupted on Ctrl-C."""
    with interruptible():
        return asyncio.run(_with_store(work))


async def _with_store(work: "Callable[[Store], Coroutine[Any, Any, T]]") -> T:
    from kb.store import open_store
    from schema.records import GRAPH_NAMES

    async with open_store(settings(), allowed_names=GRAPH_NAMES) as store:
        await store.ensure_schema()
        return await work(store)
