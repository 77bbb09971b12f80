"""The embedded engine killed under an open store: nothing acknowledged is lost."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

from kb.engine import find_engine
from kb.errors import DiskFull, TooSlow
from kb.settings import Settings
from kb.store import Store, open_store
from tests.conftest import QUERIES
from tests.kb.engine.conftest import alive, until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")

THERAPY = {"Label": "Therapy"}


def kill_engine(settings: Settings) -> None:
    engine = find_engine(settings)
    assert engine is not None
    os.kill(engine.pid, signal.SIGKILL)
    assert until(lambda: not alive(engine.pid))


async def test_a_killed_engine_is_started_again_and_has_everything(settings: Settings) -> None:
    names = frozenset({"Therapy"})
    async with open_store(settings, allowed_names=names, folders=(QUERIES,), tied=True) as store:
        with pytest.raises(TooSlow, match="KB_QUERY_SECONDS"):
            await store.read("probe_slow")

        written = [{"id": f"t{number:03}", "n": number} for number in range(50)]
        for row in written:
            await store.write("probe_create", THERAPY, rows=[row])
        kill_engine(settings)
        assert await store.read("probe_all", THERAPY) == written

        kill_engine(settings)
        await store.write("probe_create", THERAPY, rows=[{"id": "t999", "n": 999}])
        assert len(await store.read("probe_all", THERAPY)) == 51
    assert until(lambda: find_engine(settings) is None)


@pytest.fixture
def small_disk(tmp_path: Path) -> Generator[Path]:
    """A disk of 100 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=100m", "tmpfs", str(place)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("only root can mount a small disk")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def fill(disk: Path, leave: int) -> Path:
    filler = disk / "filler"
    with filler.open("wb") as file:
        file.write(b"\0" * (shutil.disk_usage(disk).free - leave))
    return filler


async def test_a_full_disk_is_named_and_costs_nothing_that_was_acknowledged(
    small_disk: Path, settings: Settings
) -> None:
    settings = settings.model_copy(update={"home": small_disk / "home"})
    filler = fill(small_disk, leave=30_000_000)
    with pytest.raises(DiskFull, match="KB_HOME"):
        async with open_store(settings):
            pass
    filler.unlink()

    opened = open_store(settings, allowed_names=frozenset({"Therapy"}), folders=(QUERIES,), tied=True)
    async with opened as store:
        await store.write("probe_create", THERAPY, rows=[{"id": "before", "n": 1}])
        filler = fill(small_disk, leave=1_000_000)
        kept: list[int] = []
        with pytest.raises(DiskFull, match="is full"):
            await write_until_refused(store, kept)
        filler.unlink()
        await store.write("probe_create", THERAPY, rows=[{"id": "after", "n": 1}])
        assert len(await store.read("probe_all", THERAPY)) == 1 + sum(kept) + 1


async def write_until_refused(store: Store, kept: list[int]) -> None:
    for batch in range(100):
        rows = [{"id": f"{batch} {n} {'x' * 200}", "n": n} for n in range(1000)]
        kept.append((await store.write("probe_create", THERAPY, rows=rows))[0]["written"])
