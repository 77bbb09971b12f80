"""A graph of made-up findings: the seeds' studies varied, for benches that need very many. No medical content.

Each copy of a study is a study of its own with reports and findings of its own: every number of people is multiplied,
every mean, standard deviation and difference of means scaled, by factors that depend on the copy alone. A *field* has a
vocabulary of its own, a copy of what the seeds' findings name with everything above it, broader only within the field;
field 0 is the seeds' own. So pairs are as large as the findings of one field make them. Names say "synthetic".

Records are written by the statements of ingest with the same properties and relationships, without its planning
and matching.
"""

from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import Any

from kb.evidence.rollup import Hierarchy
from kb.ingest.apply import write_rows
from kb.store import Store, batches
from loaders.seeds import parse
from schema.citation import Citation
from schema.condition import Condition
from schema.effect import RATIOS, Arm, Effect
from schema.finding import Finding
from schema.parsed import Parsed
from schema.record import DRAFT, Record
from schema.records import LOADED
from schema.study import Study
from schema.therapy import Therapy

SEEDS = Path(__file__).parents[2] / "seeds"

Named = Therapy | Condition


class Seeds:
    """The records of the seeds by label and id."""

    def __init__(self) -> None:
        self.of: dict[str, dict[str, Any]] = {kind.label: {} for kind in LOADED}
        for path in sorted(SEEDS.rglob("*.yaml")):
            for one in parse(BytesIO(path.read_bytes()), path.name):
                if isinstance(one, Parsed):
                    self.of[one.record.label][one.record.id] = one.record
        self.findings: dict[str, list[Finding]] = {}
        for finding in self.of["Finding"].values():
            self.findings.setdefault(finding.study, []).append(finding)
        self.studies = sorted(self.findings)


def vocabulary(seeds: Seeds) -> Iterator[Record]:
    """Yield what all fields share: the seeds' vocabulary."""
    for label in ("Instrument", "Therapy", "Condition", "Outcome", "Comparator", "Marker"):
        yield from seeds.of[label].values()


def field_vocabulary(seeds: Seeds, field: int) -> Iterator[Record]:
    """Yield the therapies and conditions of one further field."""
    for label, attribute in (("Therapy", "therapies"), ("Condition", "conditions")):
        known: dict[str, Named] = seeds.of[label]
        tree = Hierarchy({id: one.broader for id, one in known.items()})
        named = {id for one in seeds.of["Finding"].values() for id in getattr(one, attribute)}
        for id in sorted({above for one in named for above in tree.broader(one)}):
            one = known[id]
            yield one.model_copy(
                update={
                    "id": _in_field(id, field),
                    "name": f"{one.name} (synthetic field {field})",
                    "broader": tuple(_in_field(above, field) for above in one.broader),
                    "abbreviations": (),
                    "synonyms": (),
                    "xrefs": (),
                }
            )


def copies(
    seeds: Seeds, count: int, fields: int, pair: tuple[str, str] | None = None, only: range | None = None
) -> Iterator[list[Record]]:
    """Yield copies of studies, each with its citations and findings, until there are ``count`` findings.

    ``pair``: the therapy and condition that all of them are about, in place of what the seeds say. ``only``: those of
    some of the fields, out of as many.
    """
    made = copy = 0
    while made < count:
        for place, id in enumerate(seeds.studies):
            made += len(seeds.findings[id])
            if made > count:
                return
            if only is None or copy % fields in only:
                yield copied(seeds, place, copy, fields, pair)
        copy += 1


async def fill(store: Store, records: Iterator[list[Record]], release: int | None = None, at_once: int = 400) -> int:
    """Write bundles of records as approved drafts, or as a release that is there would hold them (without answers).

    Returns how many findings.
    """
    order = {kind.label: place for place, kind in enumerate(LOADED)}
    findings = 0

    async def write(held: list[Record]) -> None:
        held.sort(key=lambda one: order[one.label])
        for label, group in groupby(held, key=lambda one: one.label):
            for rows in batches(_row(one, release) for one in group):
                await write_rows(store, [(label, rows)])

    held: list[Record] = []
    for number, bundle in enumerate(records, 1):
        held += bundle
        findings += sum(1 for one in bundle if isinstance(one, Finding))
        if number % at_once == 0:
            await write(held)
            held = []
    await write(held)
    return findings


def _row(record: Record, release: int | None) -> dict[str, Any]:
    # Any hash will do: it only has to differ from that of a changed record.
    content_hash = sha256(record.id.encode()).hexdigest()
    properties = {
        **record.properties(),
        "content_hash": content_hash,
        "since": DRAFT if release is None else release,
        "first_release": DRAFT if release is None else release,
        "approval": "APPROVED",
        "clinically_reviewed": False,
        "load_run": "synthetic",
        "loaded_at": "2026-01-01T00:00:00Z",
        "loaded_from": "seeds",
    }
    edges = [(edge.type, edge.label, edge.target) for edge in dict.fromkeys(record.edges())]
    return {"id": record.id, "properties": properties, "hash": content_hash, "edges": edges}


def _in_field(id: str, field: int) -> str:
    return f"{id}-f{field}" if field else id


def copied(seeds: Seeds, place: int, copy: int, fields: int, pair: tuple[str, str] | None = None) -> list[Record]:
    """Return one copy of one study with its citations and findings."""
    id, field = seeds.studies[place], copy % fields
    study: Study = seeds.of["Study"][id]
    times, scale = 1 + (copy * 7 + place) % 4, 0.9 + ((copy * 13 + place) % 21) / 100
    named = {*study.citations, *(one.citation for one in seeds.findings[id])}
    # Many records of the seeds stand behind one study; a copy has reports of its own, a copy of each.
    cited = {one: f"local:synthetic-{copy}-{place}-{number}" for number, one in enumerate(sorted(named))}

    def about(ids: tuple[str, ...], which: int) -> tuple[str, ...]:
        if pair is not None:
            return (pair[which],)
        return tuple(_in_field(one, field) for one in ids)

    records: list[Record] = []
    for old, new in cited.items():
        citation: Citation = seeds.of["Citation"][old]
        gone = {"pmid": None, "doi": None, "pmcid": None, "registry_numbers": (), "links": ()}
        about_it = {
            "about_therapies": about(citation.about_therapies, 0),
            "about_conditions": about(citation.about_conditions, 1),
        }
        records.append(
            citation.model_copy(update={"id": new, "title": f"Synthetic: {citation.title}"} | gone | about_it)
        )
    new_id = f"{id}-c{copy}"
    records.append(
        study.model_copy(
            update={
                "id": new_id,
                "name": f"{study.name} (synthetic copy {copy})",
                "participants": None if study.participants is None else study.participants * times,
                "therapies": about(study.therapies, 0),
                "conditions": about(study.conditions, 1),
                "citations": tuple(cited[one] for one in study.citations),
                "registry_numbers": (),
                "registered_in": None,
                "includes": tuple(f"{one}-c{copy}" for one in study.includes if one in seeds.findings),
                "included_reports": (),
                "readings": (),
                "harms": tuple(
                    harm.model_copy(update={"arms": tuple(_arm(arm, times, 1.0) for arm in harm.arms)})
                    for harm in study.harms
                ),
            }
        )
    )
    records += [
        one.model_copy(
            update={
                "id": f"{new_id}:{one.id.rpartition(':')[2]}",
                "study": new_id,
                "citation": cited[one.citation],
                "therapies": about(one.therapies, 0) if one.therapies else (),
                "conditions": about(one.conditions, 1),
                "arms": tuple(_arm(arm, times, scale) for arm in one.arms),
                "effect": None if one.effect is None else _effect(one.effect, scale),
                "pooled_participants": None if one.pooled_participants is None else one.pooled_participants * times,
            }
        )
        for one in seeds.findings[id]
    ]
    return records


def _arm(arm: Arm, times: int, scale: float) -> Arm:
    counts = {
        name: value * times for name in ("n", "n_randomised", "events") if (value := getattr(arm, name)) is not None
    }
    means = {
        name: value * scale
        for name in ("mean", "sd", "se", "ci_low", "ci_high", "median", "baseline_mean", "baseline_sd")
        if (value := getattr(arm, name)) is not None
    }
    return arm.model_copy(update=counts | means)


def _effect(effect: Effect, scale: float) -> Effect:
    if effect.measure in RATIOS:
        return effect
    scaled = {
        name: value * scale
        for name in ("estimate", "ci_low", "ci_high", "se")
        if (value := getattr(effect, name)) is not None
    }
    return effect.model_copy(update=scaled)
