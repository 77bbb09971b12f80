"""``kb duplicates``: citations that may be one paper, and what a person decides of them."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from kb.cli.context import Json, settings, with_store
from kb.cli.tables import print_json, print_table, words

if TYPE_CHECKING:
    from kb.store import Store
    from schema.citation import Citation
    from schema.possible_duplicate import PossibleDuplicate

#: What is shown of two citations side by side.
FIELDS = ("title", "authors", "year", "journal", "volume", "pages", "type", "pmid", "doi", "pmcid")

Two = Annotated[
    tuple[str, str] | None,
    typer.Option("--merge", metavar="KEPT LOST", help="They are one paper: merge the second into the first."),
]
Apart = Annotated[
    tuple[str, str] | None,
    typer.Option("--keep-apart", metavar="ONE OTHER", help="They are two papers: never ask again."),
]
Merged = Annotated[
    str | None,
    typer.Option("--split", metavar="ID", help="Undo a merge: ID is the citation that was merged into another one."),
]
Decided = Annotated[bool, typer.Option("--decided", help="List what was decided, not what is open.")]


def duplicates(
    merge: Two = None, keep_apart: Apart = None, split: Merged = None, decided: Decided = False, as_json: Json = False
) -> None:
    """List citations that may be one paper, side by side; merge two, keep them apart, or split a wrong merge."""
    from kb.errors import UsageError

    asked = [one for one in (merge, keep_apart, split) if one is not None]
    if len(asked) > 1:
        raise UsageError("Only one thing can be decided at a time.", "Give one of --merge, --keep-apart, --split.")
    if asked:
        _decide(merge, keep_apart, split, as_json)
        return
    found = with_store(lambda store: _pairs(store, decided))
    if as_json:
        print_json({"duplicates": [_json(*one) for one in found]})
        return
    for pair, held in found:
        rows = [
            [name.replace("_", " "), *(_shown(held.get(id_), name) for id_ in (pair.one, pair.other))]
            for name in FIELDS
            if any(_shown(held.get(id_), name) for id_ in (pair.one, pair.other))
        ]
        settled = f" ({words(pair.state)}, {pair.decided_by}, {pair.decided})" if pair.decided else ""
        print_table(f"{pair.reason}{settled}", ["", pair.one, pair.other], rows)
    state = "decided" if decided else "open"
    typer.echo(f"{len(found):,} {state}." if found else f"No pair of citations is {state}.")
    if found and not decided:
        typer.echo("Settle one: kb duplicates --merge KEPT LOST, or kb duplicates --keep-apart ONE OTHER.")


def _decide(merge: Two, keep_apart: Apart, split: Merged, as_json: bool) -> None:
    from kb import duplicates as deciding
    from schema.possible_duplicate import duplicate_id

    who = settings().user
    if merge is not None:
        kept, lost = merge
        note = with_store(lambda store: deciding.merge_two(store, kept, lost, who=who))
        id_, state, told = duplicate_id(note.into, note.id), "SAME", f"{note.id} is merged into {note.into}."
        undo = f" Undo: kb duplicates --split {note.id}"
    elif keep_apart is not None:
        one, other = keep_apart
        pair = with_store(lambda store: deciding.keep_apart(store, one, other, who=who))
        id_, state, told, undo = pair.id, pair.state.value, f"{pair.one} and {pair.other} stay apart.", ""
    else:
        pair = with_store(lambda store: deciding.split(store, split or "", who=who))
        id_, state, told, undo = pair.id, pair.state.value, f"{pair.one} and {pair.other} are two again.", ""
    if as_json:
        print_json({"pair": id_, "state": state})
    else:
        typer.echo(f"{told}{undo}")


async def _pairs(store: "Store", decided: bool) -> "list[tuple[PossibleDuplicate, dict[str, Citation]]]":
    from kb.questions import Questions
    from kb.questions.paging import EVERYTHING
    from schema.citation import Citation
    from schema.terms import DuplicateState

    states = (DuplicateState.SAME, DuplicateState.DIFFERENT) if decided else (DuplicateState.OPEN,)
    questions = Questions(store)
    found: list[tuple[PossibleDuplicate, dict[str, Citation]]] = []
    for state in states:
        pairs = (await questions.possible_duplicates(EVERYTHING, state)).items
        held = await questions.records_now("Citation", {id_ for pair in pairs for id_ in (pair.one, pair.other)})
        shown = {id_: one for id_, one in held.items() if isinstance(one, Citation)}
        found += [(pair, shown) for pair in pairs]
    return found


def _shown(citation: "Citation | None", name: str) -> str:
    if citation is None:
        return ""
    if name == "authors":
        names = [author.name for author in citation.authors]
        return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    value = getattr(citation, name)
    return words(value) if name == "type" else "" if value is None else str(value)


def _json(pair: "PossibleDuplicate", held: "dict[str, Citation]") -> dict[str, Any]:
    return {
        "id": pair.id,
        "state": pair.state.value,
        "reason": pair.reason,
        "found": pair.found,
        "decided": pair.decided,
        "decidedBy": pair.decided_by,
        "citations": [
            {"key": id_, **{name: _shown(held.get(id_), name) or None for name in FIELDS}}
            for id_ in (pair.one, pair.other)
        ],
    }
