"""What ``kb load`` is given, as sources: paths, folders, archives, standard input, and identifiers."""

import asyncio
import hashlib
import io
import re
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from kb.cli.context import asked_web
from kb.cli.streams import Counted, Kept, Read
from kb.errors import SourceUnavailable, UsageError
from kb.ingest import Source
from loaders import table
from loaders.archive import SUSPICIOUS, Opened, is_zip, members
from loaders.identifiers import identified
from loaders.registry import detect_format, unknown_format
from loaders.unpack import read_head
from schema.parsed import Parsed, Problem

if TYPE_CHECKING:
    from loaders.fetch.by_id import Unanswered, Wanted
    from loaders.fetch.client import Access

#: What reading a file, or one inside an archive, may run into.
DAMAGE = (OSError, EOFError, zipfile.BadZipFile, zlib.error)

STANDARD_INPUT = "standard input"


@dataclass(frozen=True, slots=True)
class Input:
    """Something to read that can be opened more than once: for the preview, and to load it."""

    name: str
    size: int
    open: Opened


@dataclass(frozen=True, slots=True)
class Gathered:
    """What there is to read, with the problems of what there is not."""

    inputs: list[Input | Problem]
    #: Whether a source did not answer for one of them: later it may.
    unanswered: bool


def gather(
    arguments: Sequence[str | Path], ids: Path | None, access: "Callable[[], Access]", held: ExitStack
) -> Gathered:
    """Return what the arguments name, in order; identifiers are fetched, standard input is read.

    ``ids``: a file with identifiers. ``held`` keeps what was fetched and read until it is closed. Raises UsageError for
    an argument that names nothing, SourceUnavailable where no source answers and there is nothing else to read or tell.
    """
    if [*map(str, arguments), str(ids)].count("-") > 1:
        raise UsageError("Standard input was named twice.", "It can be read once: as records, or as identifiers.")
    found: list[Input | Problem] = []
    wanted: list[Wanted] = []
    for argument in arguments:
        path = Path(argument)
        if str(argument) == "-":
            found += _unpacked(_spooled(STANDARD_INPUT, sys.stdin.buffer, held), held)
        elif _exists(path):
            found += _files(path, held)
        else:
            wanted.append(_identifier(str(argument)))
    if ids is not None:
        for one in read_identifiers(ids):
            if isinstance(one, Problem):
                found.append(one)
            else:
                wanted.append(one)
    fetched, silent = asyncio.run(_fetched(wanted, access(), held)) if wanted else ([], [])
    found += fetched
    if silent and not found:
        error = silent[0].error
        raise SourceUnavailable(error.message, error.hint) from error
    found += (Problem(one.wanted.where, f"was not fetched: {one.error.message} {one.error.hint}") for one in silent)
    return Gathered(found, unanswered=bool(silent))


def read_identifiers(path: Path) -> "Iterator[Wanted | Problem]":
    """Yield the identifiers of a file or of standard input. Raises UsageError where the file cannot be read."""
    from loaders.id_list import read_ids

    name = STANDARD_INPUT if str(path) == "-" else str(path)
    try:
        content = sys.stdin.buffer.read() if name == STANDARD_INPUT else path.read_bytes()
    except OSError as error:
        raise UsageError(f"{name} cannot be read: {error.strerror or error}.", "Check the path.") from error
    return read_ids(io.BytesIO(content), name)


def sources_of(
    inputs: Sequence[Input | Problem], columns: Mapping[str, str] | None = None, read: Read = lambda _: None
) -> list[Source]:
    """Return a source for each input, told by its content. May be called again: nothing is used up.

    What cannot be read or recognised becomes a source that yields just that problem.
    """
    sources: list[Source] = []
    told: dict[str, list[Problem]] = {}
    # The formats that can be read are listed once.
    unknown = False
    for one in inputs:
        if isinstance(one, Input):
            sources.append(_source(one, columns, read, first=not unknown))
            unknown = unknown or sources[-1].format is None
        else:
            # Those of one file of identifiers stand in one row.
            told.setdefault(re.sub(r":\d+$", "", one.where), []).append(one)
    return [*sources, *(_problem_source(name, problems) for name, problems in told.items())]


def _identifier(argument: str) -> "Wanted":
    from loaders.fetch.by_id import Wanted

    found = identified(argument)
    if found is None:
        raise UsageError(
            f"There is no file or folder {argument}, and it is no identifier.",
            "Check the path; identifiers are a PMID, PMCID, DOI or NCT number: pmid:17845835, NCT04676100.",
        )
    return Wanted(*found, where=argument)


async def _fetched(
    wanted: "Sequence[Wanted]", access: "Access", held: ExitStack
) -> "tuple[list[Input | Problem], list[Unanswered]]":
    """Return what was fetched and the problems, and what no source answered."""
    from loaders.fetch.by_id import Fetched, Unanswered, fetch_by_id

    found: list[Input | Problem] = []
    silent: list[Unanswered] = []
    async with asked_web(access) as web:
        async for one in fetch_by_id(web, wanted):
            if isinstance(one, Fetched):
                found.append(_spooled(one.name, io.BytesIO(one.content), held))
            elif isinstance(one, Unanswered):
                silent.append(one)
            else:
                found.append(one)
    return found, silent


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False  # longer than any name may be


def _files(path: Path, held: ExitStack) -> Iterator[Input | Problem]:
    """The file, the files of the folder, or those of the archive, in order. Raises UsageError for an empty folder."""
    files = [path]
    if path.is_dir():
        inside = sorted(path.rglob("*"))
        files = [one for one in inside if one.is_file() and not _hidden(one.relative_to(path))]
        if not files:
            raise UsageError(f"The folder {path} holds no file.", "Name a file, or a folder with files.")
    for file in dict.fromkeys(files):
        yield from _unpacked(Input(str(file), file.stat().st_size, partial(file.open, "rb")), held)


def _unpacked(one: Input, held: ExitStack, *, inside: bool = False) -> Iterator[Input | Problem]:
    """The input itself, or the files in it where it is an archive, and in archives in that."""
    try:
        with one.open() as stream:
            packed = is_zip(stream.read(4))
        if packed and inside:
            # Seeking in what is packed would unpack it again each time.
            with one.open() as stream:
                one = _spooled(one.name, stream, held)
    except DAMAGE as error:
        yield _unreadable(one.name, error)
        return
    if not packed:
        yield one
        return
    for member in members(one.name, one.open):
        if isinstance(member, Problem):
            yield member
        elif not member.name.lower().endswith(".zip"):
            yield Input(member.name, member.size, member.open)
        elif inside or member.size > SUSPICIOUS:
            yield Problem(
                member.name, "is an archive that lies too deep or is too large to be opened; unpack it yourself"
            )
        else:
            yield from _unpacked(Input(member.name, member.size, member.open), held, inside=True)


def _unreadable(name: str, error: Exception) -> Problem:
    reason = getattr(error, "strerror", None) or error
    return Problem(name, f"cannot be read: {reason}; check the file and its rights, or get it again")


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _spooled(name: str, stream: BinaryIO, held: ExitStack) -> Input:
    """Keep what can be read only once."""
    kept = Kept(stream, held)
    return Input(name, kept.size, kept.open)


def _source(one: Input, columns: Mapping[str, str] | None, read: Read, *, first: bool) -> Source:
    try:
        with one.open() as stream:
            head = read_head(stream)
    except DAMAGE as error:
        return _problem_source(one.name, [_unreadable(one.name, error)])
    form = detect_format(head, one.name)
    # Columns that were named make a table of what nobody would take for one.
    parse = form.parse if form is not None else None
    if columns and (form is None or form.name == "table"):
        parse = partial(table.parse, given=columns)
    if parse is None:
        return _problem_source(one.name, [Problem(one.name, unknown_format(head, known=first))])
    try:
        with one.open() as stream:
            sha256 = _digest(stream)
    except DAMAGE as error:
        return _problem_source(one.name, [_unreadable(one.name, error)])
    name, version, whole = ("table", table.VERSION, False) if form is None else (form.name, form.version, form.whole)

    def records() -> Iterator[Parsed | Problem]:
        try:
            with one.open() as stream, io.BufferedReader(Counted(stream, read)) as counted:
                yield from parse(cast(BinaryIO, counted), one.name)
        except DAMAGE as error:
            yield Problem(
                one.name, f"could not be read to its end ({error}); what was read of it is good, get it again"
            )

    return Source(one.name, name, version, sha256, whole=whole, parse=records)


def _digest(stream: BinaryIO) -> str:
    digest = hashlib.sha256()
    while piece := stream.read(1_000_000):
        digest.update(piece)
    return digest.hexdigest()


def _problem_source(name: str, problems: Sequence[Problem]) -> Source:
    return Source(name, None, "", "", whole=False, parse=lambda: iter(problems))
