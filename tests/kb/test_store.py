"""The store, on both engines: what is read, written, refused, and what a failure leaves."""

import asyncio
import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from pydantic import SecretStr

from kb.engine import find_engine
from kb.errors import (
    ConfigurationError,
    ConstraintViolated,
    StoreFault,
    StoreLost,
    StoreUnavailable,
    TooSlow,
    WrongPassword,
)
from kb.settings import Settings
from kb.store import Statement, Store, batches, open_store
from tests.conftest import QUERIES
from tests.kb.proxy import Proxy

THERAPY = {"Label": "Therapy"}


def rows(count: int, start: int = 0) -> list[dict[str, Any]]:
    return [{"id": f"t{number:06}", "n": number} for number in range(start, start + count)]


async def comes_true(condition: Callable[[], Awaitable[bool]], seconds: float = 10) -> bool:
    """Whether the condition comes true in time; looks often."""
    end = time.monotonic() + seconds
    while not await condition():
        if time.monotonic() > end:
            return False
        await asyncio.sleep(0.02)
    return True


async def isnt(condition: Callable[[], Awaitable[bool]]) -> bool:
    return not await condition()


@pytest.fixture
def by_uri(store: Store, engine_settings: Settings) -> Settings:
    """Settings that name either engine by its address, as a server that is not ours to start."""
    if store.engine_name == "neo4j":
        return engine_settings
    engine = find_engine(engine_settings)
    assert engine is not None
    return Settings(
        home=engine_settings.home,
        neo4j_uri=engine.uri,
        neo4j_username=engine.username,
        neo4j_password=SecretStr(engine.password),
    )


class TestReadingAndWriting:
    async def test_what_is_written_is_read(self, store: Store) -> None:
        assert await store.write("probe_create", THERAPY, rows=rows(2)) == [{"written": 2}]
        assert await store.read("probe_all", THERAPY) == rows(2)

    async def test_a_query_without_rows_gives_an_empty_list(self, store: Store) -> None:
        assert await store.read("probe_all", THERAPY) == []

    async def test_a_long_result_streams_in_order(self, store: Store) -> None:
        await store.write("probe_create", THERAPY, rows=rows(4500))
        assert [row async for row in store.stream("probe_all", THERAPY)] == rows(4500)

    async def test_a_stream_can_be_left_early(self, store: Store) -> None:
        await store.write("probe_create", THERAPY, rows=rows(4500))
        async with contextlib.aclosing(store.stream("probe_all", THERAPY)) as stream:
            assert [await anext(stream) for _ in range(3)] == rows(3)
        assert len(await store.read("probe_all", THERAPY)) == 4500

    async def test_the_server_says_what_it_is(self, store: Store) -> None:
        product = {"embedded": "ArcadeDB", "neo4j": "Neo4j/5"}[store.engine_name]
        assert product in store.server_version


class TestNames:
    async def test_a_name_outside_the_allow_list_is_refused(self, store: Store) -> None:
        with pytest.raises(ValueError, match="'Stranger' is not an allowed"):
            await store.read("probe_all", {"Label": "Stranger"})

    async def test_a_name_that_carries_cypher_is_refused_even_if_listed(self, engine_settings: Settings) -> None:
        careless = "Therapy) DETACH DELETE (n"
        async with open_store(engine_settings, allowed_names=frozenset({careless}), folders=(QUERIES,)) as store:
            with pytest.raises(ValueError, match="is not an allowed"):
                await store.read("probe_all", {"Label": careless})

    async def test_a_place_left_open_is_refused(self, store: Store) -> None:
        with pytest.raises(ValueError, match="Label"):
            await store.read("probe_all")

    @pytest.mark.parametrize("query", ["no_such_query", "../queries/wipe"])
    async def test_an_unknown_query_is_refused(self, store: Store, query: str) -> None:
        with pytest.raises(LookupError, match="quer"):
            await store.read(query)


class TestWholeOrNotAtAll:
    async def test_a_write_whose_last_query_fails_leaves_nothing(self, store: Store) -> None:
        await store.write("probe_create", THERAPY, rows=rows(1))
        with pytest.raises(ConstraintViolated):
            await store.write_all(
                [
                    Statement("probe_create", THERAPY, {"rows": rows(3, start=10)}),
                    Statement("probe_create", {"Label": "Condition"}, {"rows": rows(1)}),
                    Statement("probe_create", THERAPY, {"rows": rows(1)}),
                ]
            )
        assert await store.read("probe_all", THERAPY) == rows(1)
        assert await store.read("probe_all", {"Label": "Condition"}) == []

    async def test_a_bad_row_takes_its_whole_batch_with_it(self, store: Store) -> None:
        with pytest.raises(ConstraintViolated):
            await store.write("probe_create", THERAPY, rows=[*rows(1000), *rows(1)])
        assert await store.read("probe_all", THERAPY) == []

    async def test_each_query_of_a_write_gives_its_rows(self, store: Store) -> None:
        answers = await store.write_all(
            [
                ("probe_create", THERAPY, {"rows": rows(2)}),
                ("probe_all", THERAPY, None),
            ]
        )
        assert answers == [[{"written": 2}], rows(2)]


class TestWritersAtOnce:
    async def test_tasks_that_merge_the_same_keys_make_no_duplicates(self, store: Store) -> None:
        same = [{"id": f"t{number}"} for number in range(20)]
        await asyncio.gather(*(store.write("probe_merge", rows=same) for _ in range(8)))
        found = await store.read("probe_all", THERAPY)
        assert [row["n"] for row in found] == [8] * 20

    async def test_processes_that_merge_the_same_keys_make_no_duplicates(
        self, store: Store, kb_env: dict[str, str]
    ) -> None:
        command = [sys.executable, "-m", "tests.kb.client", "merge"]
        both = [await asyncio.create_subprocess_exec(*command, env=kb_env, stdout=subprocess.PIPE) for _ in range(2)]
        said = [(await each.communicate())[0] for each in both]
        assert said == [b"400\n", b"400\n"]
        found = await store.read("probe_all", THERAPY)
        assert [row["n"] for row in found] == [40] * 20


class TestSchema:
    async def test_applying_it_again_does_nothing(self, store: Store) -> None:
        assert await store.ensure_schema() is False

    async def test_it_is_applied_where_its_mark_is_missing(self, store: Store) -> None:
        await store.write("schema_mark_set", fingerprint="of another version")
        assert await store.ensure_schema() is True

    async def test_an_index_made_anew_is_in_place_and_another_name_is_refused(self, store: Store) -> None:
        await store.renew_index("finding_since_id")
        assert await store.ensure_schema() is False
        if store.engine_name == "embedded":
            with pytest.raises(ValueError, match="'of_nothing' is not an allowed"):
                await store.renew_index("of_nothing")


class TestFailures:
    async def test_a_refused_statement_carries_its_code_and_no_query(self, store: Store) -> None:
        with pytest.raises(StoreFault) as refused:
            await store.read("probe_broken")
        assert refused.value.code == "Neo.ClientError.Statement.SyntaxError"
        assert "MATCH" not in str(refused.value)

    async def test_a_wrong_password_is_named_as_such(self, by_uri: Settings) -> None:
        wrong = by_uri.model_copy(update={"neo4j_password": SecretStr("not this one")})
        with pytest.raises(WrongPassword, match="NEO4J_PASSWORD") as refused:
            async with open_store(wrong):
                pass
        assert "not this one" not in str(refused.value)

    async def test_an_unknown_database_is_named_as_such(self, by_uri: Settings) -> None:
        wrong = by_uri.model_copy(update={"neo4j_database": "nowhere"})
        with pytest.raises(ConfigurationError, match="NEO4J_DATABASE"):
            async with open_store(wrong) as store:
                await store.read("schema_mark")

    async def test_a_slow_statement_is_ended(self, neo4j_settings: Settings) -> None:
        hasty = neo4j_settings.model_copy(update={"query_seconds": 0.5})
        async with open_store(hasty, folders=(QUERIES,)) as store:
            with pytest.raises(TooSlow, match="KB_QUERY_SECONDS"):
                await store.read("probe_slow")

    async def test_a_caller_who_hangs_up_ends_the_statement(self, neo4j_settings: Settings) -> None:
        async with open_store(neo4j_settings, folders=(QUERIES,)) as store:

            async def running() -> bool:
                return (await store.read("probe_running"))[0]["slow"] > 0

            reading = asyncio.create_task(store.read("probe_slow"))
            assert await comes_true(running)
            reading.cancel()
            assert await comes_true(lambda: isnt(running))

    async def test_a_read_survives_a_cut_connection(self, by_uri: Settings) -> None:
        async with Proxy(urlsplit(by_uri.neo4j_uri or "").port or 0) as proxy:
            through = by_uri.model_copy(update={"neo4j_uri": f"bolt://127.0.0.1:{proxy.port}"})
            async with open_store(through) as store:
                proxy.cut()
                assert len(await store.read("schema_mark")) == 1

    async def test_a_server_that_is_gone_is_named_as_such(self, by_uri: Settings) -> None:
        async with Proxy(urlsplit(by_uri.neo4j_uri or "").port or 0) as proxy:
            through = by_uri.model_copy(update={"neo4j_uri": f"bolt://127.0.0.1:{proxy.port}"})
            async with open_store(through) as store:
                proxy.cut(for_good=True)
                with pytest.raises(StoreLost):
                    await store.read("schema_mark")

    async def test_a_server_that_falls_silent_is_given_up(self, neo4j_settings: Settings) -> None:
        hasty = neo4j_settings.model_copy(update={"query_seconds": 0.5})
        async with Proxy(urlsplit(hasty.neo4j_uri or "").port or 0) as proxy:
            through = hasty.model_copy(update={"neo4j_uri": f"bolt://127.0.0.1:{proxy.port}"})
            async with open_store(through) as store:
                proxy.hold()
                with pytest.raises(StoreLost):
                    await store.read("schema_mark")

    async def test_a_routed_address_works_and_reads_what_it_wrote(
        self, neo4j_settings: Settings, allowed_names: frozenset[str]
    ) -> None:
        uri = (neo4j_settings.neo4j_uri or "").replace("bolt://", "neo4j://")
        routed = neo4j_settings.model_copy(update={"neo4j_uri": uri})
        async with open_store(routed, allowed_names=allowed_names, folders=(QUERIES,)) as other:
            probes = {"Label": "Probe"}
            written = await other.write("probe_create", probes, rows=[{"id": "routed", "n": 1}])
            assert written == [{"written": 1}]
            assert {"id": "routed", "n": 1} in await other.read("probe_all", probes)

    @pytest.mark.parametrize(("scheme", "listening"), [("bolt", False), ("neo4j", False), ("neo4j", True)])
    async def test_a_server_that_does_not_answer_is_reported_within_seconds(self, scheme: str, listening: bool) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            if listening:
                taken.listen()
            uri = f"{scheme}://127.0.0.1:{taken.getsockname()[1]}"
            begun = time.monotonic()
            with pytest.raises(StoreUnavailable, match="does not answer"):
                async with open_store(Settings(neo4j_uri=uri, neo4j_password=SecretStr("x"))):
                    pass
            assert time.monotonic() - begun < 15


class TestBatches:
    def test_rows_are_split_by_count_in_order(self) -> None:
        assert list(batches(rows(5), size=2)) == [rows(2), rows(2, 2), rows(1, 4)]

    def test_rows_are_split_by_size(self) -> None:
        heavy = [{"text": "ä" * 1000} for _ in range(5)]  # two bytes each
        assert [len(portion) for portion in batches(heavy, max_bytes=5000)] == [2, 2, 1]

    def test_a_row_that_is_too_large_comes_alone(self) -> None:
        assert [len(part) for part in batches([{"t": "x" * 99}] * 2, max_bytes=10)] == [1, 1]

    def test_no_rows_make_no_batch(self) -> None:
        assert list(batches([])) == []


def test_the_driver_brings_no_numpy_in_and_leaves_it_to_those_who_need_it() -> None:
    program = "import sys, kb.store; print('numpy' in sys.modules); import numpy; print(numpy.arange(3).sum())"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert ran.stdout.split() == ["False", "3"], ran.stderr
