"""Verify citations: ask the sources, keep what each one answered, and change the verdict where it is another one.

The verdict (``verification`` of the citation) is content, so it takes the way of all content: it is loaded as a source
of its own, named "verification", and waits for a release. The checks behind it are no content and are written at once
(see :mod:`schema.check`). The verdicts of a batch are written before its checks: a run that is killed leaves no check
whose verdict is missing, and the next one goes on from there.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

import orjson

from kb.ingest import Source, load_sources
from kb.ingest.apply import made, now
from kb.ingest.existing import read_existing
from kb.questions.checks import is_stale, read_checks
from kb.store import Store, portions
from kb.verification.judge import Verdict, check_of, verdict_of
from kb.verification.reply import Asking
from schema.check import Check
from schema.citation import Citation
from schema.parsed import Parsed, Problem
from schema.terms import BibliographicSource, CitationType, VerificationState

#: The source that verdicts are loaded from.
FORM = "verification"

#: Citations asked about and written together: as many as PubMed answers at once.
BATCH = 200


@dataclass(frozen=True, slots=True)
class Verified:
    """What a check of one citation found."""

    citation: Citation
    verdict: Verdict
    #: What the sources said just now.
    checks: Sequence[Check]
    #: What those said before that could not be asked, and what the verdict rests on too.
    standing: Sequence[Check]
    #: The sources that could not be asked, with the reason.
    failures: dict[BibliographicSource, str]
    #: Whether the verdict is another one than before, and waits for the next release.
    changed: bool

    @property
    def rests_on(self) -> Sequence[Check]:
        """All that the verdict rests on: what was said just now, and before."""
        return (*self.checks, *self.standing)


@dataclass
class Report:
    """What became of a run."""

    verified: list[Verified] = field(default_factory=list[Verified])
    #: Citations that were passed over, because their checks still stand.
    fresh: int = 0
    #: Verdicts that could not be loaded.
    problems: list[Problem] = field(default_factory=list[Problem])


Progress = Callable[[int], None]


async def citation_keys(store: Store) -> list[str]:
    """Return the ids of all citations, in order."""
    return sorted([row["id"] async for row in store.stream("ids_of_label", {"Label": "Citation"})])


async def verify(
    store: Store,
    ids: Iterable[str],
    asking: Asking,
    *,
    who: str,
    stale_only: bool = False,
    progress: Progress = lambda _: None,
) -> Report:
    """Check citations (drafts included) by their ids; with ``stale_only`` those whose checks are missing or stale.

    ``asking`` asks the sources. ``progress`` is told how many citations are done. Raises the store's errors.
    """
    report = Report()
    wanted = list(dict.fromkeys(ids))
    for batch in portions(wanted, BATCH):
        await _verify_batch(store, batch, asking, who, stale_only, report)
        progress(len(batch))
    return report


async def _verify_batch(
    store: Store, ids: Sequence[str], asking: Asking, who: str, stale_only: bool, report: Report
) -> None:
    held = await read_existing(store, Citation.label, ids)
    citations = [one.record for id_ in ids if (one := held.get(id_)) and isinstance(one.record, Citation)]
    earlier = await read_checks(store, (one.id for one in citations))
    due = [one for one in citations if not stale_only or _due(one, earlier[one.id].values())]
    report.fresh += len(citations) - len(due)
    found: dict[str, Verified] = {}
    async for citation, replies in asking(due):
        checks = {reply.source: check for reply in replies if (check := check_of(citation, reply, now()))}
        failures = {reply.source: reply.failure for reply in replies if reply.failure is not None}
        # What a source said stands while it cannot be asked: an outage changes no verdict.
        standing = {source: check for source, check in earlier[citation.id].items() if source in failures}
        standing = {source: check for source, check in standing.items() if not is_stale(check, citation)}
        missing = {source: why for source, why in failures.items() if source not in standing}
        verdict = verdict_of(standing | checks, missing)
        found[citation.id] = Verified(
            citation,
            verdict,
            [*checks.values()],
            [*standing.values()],
            failures,
            changed=_changes(citation, verdict),
        )
    # In the order they were named, whoever answered first.
    done = [found[one.id] for one in due if one.id in found]
    # With the verdicts that a check wrote before: a run that was cut off is known again, and completed. What another
    # source says stays that source's word.
    ours = {id_ for id_, one in held.items() if one.source_of("verification") == FORM}
    await _write(store, done, [_told(one) for one in done if one.changed or one.citation.id in ours], who, report)
    report.verified += done


def _due(citation: Citation, checks: Iterable[Check]) -> bool:
    held = list(checks)
    # A registry's entry is in none of the sources; nothing about it becomes due.
    return citation.type is not CitationType.REGISTRATION and (not held or any(is_stale(one, citation) for one in held))


def _changes(citation: Citation, verdict: Verdict) -> bool:
    """Whether a reader is told something else than before; that a source agrees too is no news."""
    if verdict.state is VerificationState.PENDING:
        return False
    told = verdict.state is VerificationState.MISMATCH and verdict.note != citation.verification_note
    return verdict.state is not citation.verification or told


async def _write(store: Store, done: Sequence[Verified], told: Sequence[Citation], who: str, report: Report) -> None:
    if told:
        content = orjson.dumps([one.model_dump(mode="json", exclude_defaults=True) for one in told])
        source = Source(
            name=FORM,
            format=FORM,
            version="1",
            sha256=sha256(content).hexdigest(),
            whole=False,
            parse=lambda: (Parsed(one, f"verification of {one.id}") for one in told),
        )
        (loaded,) = await load_sources(store, [source], who=who)
        report.problems += loaded.problems
    await store.write_all(made([check for one in done for check in one.checks]))


def _told(one: Verified) -> Citation:
    """The verdict as it is written; one that is no news stands as it is."""
    state, note = one.verdict.state, one.verdict.note
    if not one.changed:
        state, note = one.citation.verification, one.citation.verification_note
    return Citation(id=one.citation.id, title=None, verification=state, verification_note=note)
