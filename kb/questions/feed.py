"""What each release changed in the answers of a therapy or a condition, newest release first: what a feed tells."""

from collections.abc import Sequence
from dataclasses import dataclass

from kb.errors import Unfinished
from kb.questions.paging import PageRequest
from kb.questions.questions import Questions
from kb.questions.summaries import Version, read_summaries, read_versions
from kb.questions.vocabulary import Catalogue
from schema.condition import Condition
from schema.release import Release
from schema.therapy import Therapy

#: Releases looked back at, and changes told of each.
LOOKED_BACK = 50
TOLD = 50

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Told:
    """One answer before and after, in its own sentences; None: there was none, or there is none any more.

    ``merged``: that what it was about was merged into something else, in sentences.
    """

    therapy: str
    condition: str
    before: str | None
    after: str | None
    merged: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One release and what it changed: at most 50 of ``total``."""

    release: Release
    told: Sequence[Told]
    total: int


@dataclass(frozen=True, slots=True)
class Feed:
    """The newest releases that changed something. ``origin``: the first release, by which this graph is known."""

    about: Therapy | Condition | None
    entries: Sequence[Entry]
    newest: Release
    origin: Release


async def read_feed(questions: Questions, *, therapy: str | None = None, condition: str | None = None) -> Feed:
    """Return what the newest releases changed: in all, in a therapy or in a condition, narrower ones included.

    Raises NotFound with near names, and Unfinished before the first release.
    """
    releases = (await questions.releases(PageRequest(first=LOOKED_BACK))).items
    origin = await questions.release(1) if releases else None
    if origin is None:
        raise Unfinished("Nothing is published yet.", "Load records with kb load, then run kb publish.")
    catalogue = await questions.catalogue()
    if therapy is None and condition is None:
        return Feed(None, [_whole(release, catalogue) for release in releases], releases[0], origin)
    label = "Therapy" if therapy is not None else "Condition"
    about = catalogue.get(label, therapy or condition or "")
    assert isinstance(about, Therapy | Condition)
    below = catalogue.below(label, about.id)
    since = releases[-1].number - 1
    place = 0 if label == "Therapy" else 1
    versions = [one for one in await read_versions(questions, since, releases[0].number) if one.pair[place] in below]
    entries = [await _entry(questions, catalogue, release, versions) for release in releases]
    return Feed(about, [one for one in entries if one.total], releases[0], origin)


def _whole(release: Release, catalogue: Catalogue) -> Entry:
    told = [_told(catalogue, (one.therapy, one.condition), one.before, one.after) for one in release.changes[:TOLD]]
    return Entry(release, told, release.summaries_changed)


async def _entry(questions: Questions, catalogue: Catalogue, release: Release, versions: Sequence[Version]) -> Entry:
    before = {one.pair: one for one in versions if one.until == release.number}
    after = {one.pair: one for one in versions if one.first == release.number}
    pairs = sorted(before.keys() | after.keys(), key=lambda pair: _names(catalogue, pair))
    shown = pairs[:TOLD]
    ids = [found.id for pair in shown for found in (before.get(pair), after.get(pair)) if found is not None]
    sentences = {id: one.sentence for id, one in (await read_summaries(questions, ids)).items()} if ids else {}

    def said(version: Version | None) -> str | None:
        return None if version is None else sentences.get(version.id)

    told = [_told(catalogue, pair, said(before.get(pair)), said(after.get(pair))) for pair in shown]
    return Entry(release, told, len(pairs))


def _told(catalogue: Catalogue, pair: Pair, before: str | None, after: str | None) -> Told:
    merged = (catalogue.replaced("Therapy", pair[0]), catalogue.replaced("Condition", pair[1]))
    return Told(*_names(catalogue, pair), before, after, [sentence for sentence in merged if sentence is not None])


def _names(catalogue: Catalogue, pair: Pair) -> Pair:
    vocabulary = catalogue.vocabulary
    return vocabulary.name_of("Therapy", pair[0]), vocabulary.name_of("Condition", pair[1])
