"""Stamp: put everything that is approved and pending into a release that is being made."""

from typing import Any

from kb.questions.merged import open_merges
from kb.releases.attempt import Attempt
from kb.store import Statement
from schema.record import DRAFT
from schema.records import LOADED

#: Records stamped in one transaction: on the embedded engine each costs more, the more records wait (an index entry is
#: taken from a key that they share), and a statement has a limit of time.
AT_ONCE = 1000


async def stamp_pending(attempt: Attempt) -> dict[str, dict[str, str]]:
    """Put the pending records into the release to be; return their ids and content hashes by label."""
    stamped: dict[str, dict[str, str]] = {}
    for kind in LOADED:
        found: dict[str, str] = {}
        rows: list[dict[str, str]] = []
        # A record that was in an earlier release has a revision that ends now.
        edited: set[str] = set()
        async for row in attempt.store.stream("pending_nodes", {"Label": kind.label}, release=attempt.before):
            rows.append({"id": row["id"], "hash": row["hash"]})
            if row["first_release"] <= attempt.before:
                edited.add(row["id"])
            if len(rows) == AT_ONCE:
                found |= await stamp_records(attempt, kind.label, rows, edited)
                rows, edited = [], set()
        if rows:
            found |= await stamp_records(attempt, kind.label, rows, edited)
        stamped[kind.label] = found
    await _end_merged(attempt)
    return stamped


async def stamp_records(attempt: Attempt, label: str, rows: list[dict[str, str]], edited: set[str]) -> dict[str, str]:
    """Stamp records (rows of id and hash) that still are so; return their hashes. ``edited``: those with a revision."""
    names = {"Label": label}
    steps = [Statement("stamp_nodes", names, {"rows": rows, "number": attempt.number})]
    if closing := [row for row in rows if row["id"] in edited]:
        params: dict[str, Any] = {"rows": closing, "label": label, "number": attempt.number, "draft": DRAFT}
        steps.append(Statement("close_revisions", names, params))
    results = await attempt.write(*steps)
    hashes = {row["id"]: row["hash"] for row in rows}
    return {row["id"]: hashes[row["id"]] for row in results[0]}


async def _end_merged(attempt: Attempt) -> None:
    """End what was published of merged citations, where this release holds the one that they were merged into."""
    merges = await open_merges(attempt.store)
    held = await attempt.store.nodes("Citation", (one.into for one in merges))
    here = {node["id"] for node in held if node["since"] == attempt.number}
    if ended := [one.revision for one in merges if one.into in here]:
        await attempt.end_revisions(ended, attempt.number)
