"""A review includes the studies whose reports it lists, once each, and makes none of its own."""

from kb.ingest import Action
from kb.releases import publish
from kb.store import Store
from loaders import synergy
from schema.parsed import Parsed
from schema.record import Record
from schema.study import Study
from tests.loaders.test_synergy import FILE
from tests.samples import SAMPLE, citation, load


def review() -> list[Record]:
    with FILE.open("rb") as stream:
        return [one.record for one in synergy.parse(stream, FILE.name) if isinstance(one, Parsed)]


async def held(store: Store) -> dict[str, Study]:
    rows = await store.read("nodes_of_label", {"Label": "Study"})
    return {row["node"]["id"]: Study.from_properties(row["node"]) for row in rows}


async def test_a_study_that_the_graph_holds_is_included_and_none_is_made(store: Store) -> None:
    await load(store, SAMPLE)
    await publish(store, who="tester")
    before = await held(store)
    report = await load(store, review(), name=FILE.name, form="synergy")
    assert report.counts[Action.REJECTED] == 0
    after = await held(store)
    assert after.keys() - before.keys() == {"synergy-muster-2020"}
    found = after["synergy-muster-2020"]
    assert found.includes == ("author1trial",)
    assert found.included_reports == (citation(1).id, "doi:10.5555/unknown.9")
    rows = await store.read("edges_of_nodes", {"Label": "Study", "TYPE": "INCLUDES"}, ids=[found.id])
    assert [row["target"] for row in rows] == ["author1trial"]
    again = await load(store, review(), name=FILE.name, form="synergy")
    assert again.counts[Action.UPDATED] == again.counts[Action.NEW] == 0
    assert (await publish(store, who="tester")).summaries_changed == 0, "a list of studies is no result"


async def test_studies_that_come_with_or_after_the_review_are_included_too(store: Store) -> None:
    await load(store, review(), name=FILE.name, form="synergy")
    assert (await held(store))["synergy-muster-2020"].includes == ()
    await load(store, SAMPLE)
    await load(store, review(), name=FILE.name, form="synergy")
    assert (await held(store))["synergy-muster-2020"].includes == ("author1trial",)


async def test_a_report_whose_identifiers_contradict_what_is_held_is_told_and_changes_nothing(store: Store) -> None:
    wrong = citation(1, doi="10.5555/another")
    await load(store, [wrong], name="paper")
    report = await load(store, review(), name=FILE.name, form="synergy")
    assert report.counts[Action.REJECTED] == 1
    found = (await held(store))["synergy-muster-2020"]
    assert found.included_reports == (wrong.id, "doi:10.5555/unknown.9"), "the list names its PMID, which is held"
    (node,) = await store.nodes("Citation", [wrong.id])
    assert node["doi"] == "10.5555/another"
