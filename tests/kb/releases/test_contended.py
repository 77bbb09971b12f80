"""Publishing beside somebody who is just changing a record."""

import pytest

from kb.check import check_graph
from kb.questions.records import current_release, read_records
from kb.releases import pending_records, publish, publish_retractions
from kb.settings import Settings
from kb.store import Store
from schema.citation import Citation, Retraction
from schema.record import DRAFT
from schema.terms import RetractionState
from tests.kb.contended import empty_server, meanwhile
from tests.samples import SAMPLE, citation, load

RETRACTED = Retraction(state=RetractionState.RETRACTED, date="2024-01-01")


async def told(store: Store) -> list[Citation | None]:
    """What each release, and then the draft, says of the first citation."""
    id_ = citation(1).id
    releases = [*range(1, await current_release(store) + 1), DRAFT]
    return [(await read_records(store, "Citation", [id_], one)).get(id_) for one in releases]  # type: ignore[misc]


@pytest.mark.parametrize("alone", [False, True], ids=["everything", "retractions alone"])
async def test_a_record_that_is_just_being_edited_is_published_as_one_thing(
    neo4j_settings: Settings, allowed_names: frozenset[str], alone: bool
) -> None:
    async with empty_server(neo4j_settings, allowed_names) as store:
        await load(store, SAMPLE)
        await publish(store, who="tester")
        marked = citation(1, retraction=RETRACTED)
        await load(store, [marked], name="marked")
        edited = citation(1, retraction=RETRACTED, volume="7")
        publishing = (publish_retractions if alone else publish)(store, who="tester")
        published = await meanwhile(neo4j_settings, edited, publishing)
        assert published.release is not None
        assert await told(store) == [citation(1), marked if alone else edited, edited]
        assert (await pending_records(store))["Citation"] == alone
        await publish(store, who="tester")
        assert (await told(store))[-2:] == [edited, edited]
        assert await check_graph(store) == []
