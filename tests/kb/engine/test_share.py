"""One engine per data folder: found, shared, replaced when gone, stopped when unused."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from kb.engine import engine_folder, ensure_engine, find_engine, stop_engine
from kb.engine.child import LARGE, space_mode
from kb.engine.lock import try_lock
from kb.engine.state import Engine, Places, write_state
from kb.errors import DataFolderUnusable, EngineFailed, PlatformUnsupported
from kb.settings import Settings
from tests.kb.engine.conftest import Client, alive, pid_from, until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


def prepared(settings: Settings) -> Places:
    places = Places(engine_folder(settings.home))
    places.root.mkdir(parents=True)
    return places


def test_five_who_start_at_once_get_one_engine(settings: Settings, client: Client) -> None:
    five = [client("open") for _ in range(5)]
    pids = {pid_from(each) for each in five}
    assert len(pids) == 1
    assert [each.wait(20) for each in five] == [0] * 5

    # Those who started it are gone; it lives on for others.
    (pid,) = pids
    engine = ensure_engine(settings)
    assert engine.pid == pid

    # Out of reach of a terminal's Ctrl-C: a session of its own.
    assert os.getsid(pid) == pid

    # The password is where only its owner reads it, and nowhere else.
    places = Places(engine_folder(settings.home))
    assert stat.S_IMODE(places.password.stat().st_mode) == 0o600
    assert stat.S_IMODE(places.root.stat().st_mode) == 0o700
    secret = engine.password.encode()
    assert len(secret) >= 32
    assert places.password.read_bytes() == secret
    for hidden in (f"/proc/{pid}/cmdline", f"/proc/{pid}/environ", places.state, places.log):
        assert secret not in Path(hidden).read_bytes()
    assert engine.password not in repr(engine)

    # Both ports are loopback only.
    assert listening(engine.bolt_port) == listening(engine.http_port) == {"0100007F"}

    assert stop_engine(settings) is True
    assert not alive(pid)
    assert find_engine(settings) is None
    assert stop_engine(settings) is False


def listening(port: int) -> set[str]:
    """Local addresses on which a port listens, as the system writes them."""
    lines = [
        line.split()
        for table in ("/proc/net/tcp", "/proc/net/tcp6")
        for line in Path(table).read_text().splitlines()[1:]
    ]
    # An IPv4 address may be served through an IPv6 socket; its last part is the address.
    return {each[1].split(":")[0][-8:] for each in lines if each[3] == "0A" and int(each[1].split(":")[1], 16) == port}


def test_a_state_file_of_a_foreign_process_is_replaced_and_the_process_left_alone(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    places = prepared(settings)
    with subprocess.Popen(["sleep", "60"]) as foreign:
        write_state(places, Engine(foreign.pid, 9, 9, "2020-01-01T00:00:00Z", "secret"))
        assert find_engine(settings) is None
        assert stop_engine(settings) is False
        with caplog.at_level("INFO", logger="kb.engine"):
            engine = ensure_engine(settings, tied=True)
        assert engine.pid != foreign.pid
        assert f"process {foreign.pid}); it is replaced" in caplog.text
        assert foreign.poll() is None
        foreign.kill()

    # A folder that is moved or removed takes its engine with it.
    settings.home.rename(settings.home.with_name("elsewhere"))
    assert until(lambda: not alive(engine.pid))


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", '{"pid": "1"}', '{"pid": 1, "bolt_port": 70000, "http_port": 1}', "\x00\xff"],
)
def test_a_state_file_that_is_broken_is_no_engine(
    settings: Settings, content: str, caplog: pytest.LogCaptureFixture
) -> None:
    places = prepared(settings)
    places.state.write_text(content)
    places.password.write_text("secret")
    lock = try_lock(places.running)  # as if something lived there
    assert lock is not None
    with lock:
        assert find_engine(settings) is None
    assert str(places.state) in caplog.text


def test_a_folder_held_by_something_that_does_not_answer_is_reported(settings: Settings) -> None:
    lock = try_lock(prepared(settings).running)
    assert lock is not None
    with lock, pytest.raises(EngineFailed, match="did not answer within 1 s"):
        ensure_engine(settings.model_copy(update={"engine_start_seconds": 1.0}))


def test_a_file_in_the_way_of_the_data_folder_is_reported(settings: Settings) -> None:
    settings.home.write_text("in the way")
    with pytest.raises(DataFolderUnusable, match="KB_HOME"):
        ensure_engine(settings)


def test_a_file_in_the_way_of_the_engine_folder_is_reported(settings: Settings) -> None:
    settings.home.mkdir()
    (settings.home / "engine").write_text("in the way")
    with pytest.raises(DataFolderUnusable, match="KB_HOME"):
        ensure_engine(settings)


def test_a_machine_without_an_engine_is_told_to_use_a_server(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "arcadedb_embedded", None)
    with pytest.raises(PlatformUnsupported, match="NEO4J_URI"):
        ensure_engine(settings)


def test_more_memory_than_java_can_have_is_reported(settings: Settings) -> None:
    greedy = settings.model_copy(update={"engine_heap": "99999999g"})
    with pytest.raises(EngineFailed, match="KB_ENGINE_HEAP"):
        ensure_engine(greedy)


@pytest.mark.parametrize(("size", "mode"), [(1024, "high"), (LARGE + 1, "low")])
def test_space_that_was_left_is_looked_for_in_graphs_that_are_not_large(tmp_path: Path, size: int, mode: str) -> None:
    folder = tmp_path / "databases" / "treatise"
    folder.mkdir(parents=True)
    with (folder / "Finding_0.bucket").open("wb") as file:
        file.truncate(size)  # takes no room on the disk
    assert space_mode(tmp_path) == mode


def test_an_unused_engine_stops_but_not_while_somebody_is_connected(settings: Settings, client: Client) -> None:
    holder = client("hold", KB_ENGINE_IDLE_SECONDS="1")
    pid = pid_from(holder)
    assert not until(lambda: not alive(pid), seconds=2.5)
    holder.send_signal(signal.SIGKILL)
    assert until(lambda: not alive(pid))
    assert find_engine(settings) is None


def test_a_tied_engine_ends_with_the_process_that_started_it(settings: Settings, client: Client) -> None:
    holder = client("tie")
    pid = pid_from(holder)
    assert find_engine(settings) is not None
    holder.send_signal(signal.SIGKILL)
    assert until(lambda: not alive(pid))


def test_a_terminated_engine_ends_well_and_keeps_its_folder_to_itself(settings: Settings) -> None:
    places = prepared(settings)
    command = [sys.executable, "-m", "kb.engine.child", str(places.root), "--heap", "256m"]
    command += ["--query-seconds", "20", "--idle-seconds", "600"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert b'"ready": true' in child.stdout.readline()

        # A second one on the same folder gives way to the lock ...
        second = subprocess.run(command, capture_output=True, timeout=60)
        assert second.returncode == 1
        assert b"Another engine holds" in second.stdout
        # ... and, should the lock file be lost, to the engine's own.
        child.send_signal(signal.SIGSTOP)
        lost = places.running.rename(places.running.with_suffix(".lost"))
        third = subprocess.run(command, capture_output=True, timeout=60)
        assert third.returncode == 1
        assert b"locked by another process" in third.stdout
        lost.replace(places.running)
        child.send_signal(signal.SIGCONT)

        child.send_signal(signal.SIGTERM)
        assert child.wait(20) == 0
    assert not places.state.exists()
    assert not places.password.exists()
