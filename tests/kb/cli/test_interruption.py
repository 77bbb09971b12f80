"""Loads that meet each other, and loads that are killed."""

import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path
from threading import Event

import pytest

from kb.check import check_graph
from kb.engine import find_engine
from kb.settings import Settings
from kb.store import Store
from tests.conftest import clean_environment
from tests.kb.cli.command import FIXTURES, command, kb
from tests.kb.cli.upstream import upstream

Environment = dict[str, str]
RECORDS = 3_000


def pubmed_file(folder: Path, first: int = 1, count: int = RECORDS) -> Path:
    """Write a PubMed file of invented articles."""
    file = folder / f"from{first}.xml"
    articles = "".join(
        f"<PubmedArticle><MedlineCitation><PMID>{number}</PMID><Article><Journal><JournalIssue><PubDate>"
        f"<Year>2020</Year></PubDate></JournalIssue><Title>Invented</Title></Journal><ArticleTitle>Paper {number}"
        f"</ArticleTitle></Article></MedlineCitation></PubmedArticle>\n"
        for number in range(first, first + count)
    )
    file.write_text(f"<PubmedArticleSet>{articles}</PubmedArticleSet>")
    return file


def started(arguments: list[str], environment: Environment) -> subprocess.Popen[str]:
    """Start ``kb`` and let it run."""
    return subprocess.Popen(arguments, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


async def citations(store: Store) -> int:
    return (await store.read("count_nodes", {"Label": "Citation"}))[0]["nodes"]


async def test_two_loads_of_one_file_at_once_make_no_duplicate(
    store: Store, kb_env: Environment, tmp_path: Path
) -> None:
    file = pubmed_file(tmp_path)
    runs = [started(command("load", file, "--json"), kb_env) for _ in range(2)]
    ended = [run.communicate(timeout=120) for run in runs]
    assert [run.returncode for run in runs] == [0, 0], ended
    reports = [json.loads(out)["files"][0] for out, _ in ended]
    assert await citations(store) == RECORDS
    assert sum(one["new"] for one in reports) == RECORDS
    assert all(one["new"] + one["unchanged"] + one["matched"] == RECORDS for one in reports)


async def test_a_load_killed_at_any_point_leaves_whole_records_and_a_rerun_completes_it(
    store: Store, kb_env: Environment, tmp_path: Path
) -> None:
    file = pubmed_file(tmp_path)
    for _ in range(3):
        running = started(command("load", file), kb_env)
        held = await citations(store)
        # Kill it once it has written something more, or has ended.
        while running.poll() is None and await citations(store) == held:
            pass
        running.send_signal(signal.SIGKILL)
        running.wait()
        assert await check_graph(store) == []
    ran = kb(kb_env, "load", file, "--json")
    assert ran.code == 0, ran.err
    assert await citations(store) == RECORDS
    assert await check_graph(store) == []
    states = [row["node"]["state"] for row in await store.read("nodes_of_label", {"Label": "LoadRun"})]
    assert states == ["COMPLETE"]


@pytest.fixture
def interruptible() -> Generator[None]:
    """What is started hears SIGINT, also where the tests run in the background, which ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
async def test_who_interrupts_a_load_is_told_what_is_kept_and_a_rerun_completes_it(
    store: Store, kb_env: Environment, tmp_path: Path
) -> None:
    file = pubmed_file(tmp_path, count=4 * RECORDS)
    running = started(command("load", file), kb_env)
    while running.poll() is None and await citations(store) == 0:
        pass
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=120)
    assert running.returncode == 130
    assert "What was written until then is whole, and stays." in err
    assert "Traceback" not in err
    assert 0 < await citations(store) < 4 * RECORDS
    assert await check_graph(store) == []
    assert kb(kb_env, "load", file).code == 0
    assert await citations(store) == 4 * RECORDS


@pytest.mark.usefixtures("interruptible")
def test_who_interrupts_the_reading_of_standard_input_is_told_that_nothing_was_written(tmp_path: Path) -> None:
    environment = {**clean_environment(), "KB_HOME": str(tmp_path / "home")}
    opened = subprocess.Popen(
        command("load", "-"), env=environment, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert opened.stdin is not None
    opened.stdin.write("more than a pipe holds" * 10_000)  # so that it reads by now
    opened.stdin.flush()
    opened.send_signal(signal.SIGINT)
    _, err = opened.communicate(timeout=60)
    assert (opened.returncode, err) == (
        130, "kb: Interrupted while reading. Nothing was written.\n    Run it again to read it anew.\n",
    )  # fmt: skip


@pytest.mark.usefixtures("interruptible")
def test_who_interrupts_what_a_source_is_slow_to_answer_is_told_that_nothing_was_written(tmp_path: Path) -> None:
    asked, ended = Event(), Event()

    def silent() -> bytes:
        asked.set()
        ended.wait(60)
        return b""

    with upstream({"efetch": (200, silent)}) as addresses:
        environment = {**clean_environment(), **addresses, "KB_HOME": str(tmp_path / "home")}
        running = started(command("load", "pmid:900001"), environment)
        assert asked.wait(60)
        running.send_signal(signal.SIGINT)
        _, err = running.communicate(timeout=60)
        ended.set()
    assert (running.returncode, "Nothing was written." in err, "Traceback" in err) == (130, True, False), err


def test_an_engine_killed_under_a_load_costs_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    environment = {**clean_environment(), "KB_HOME": str(tmp_path / "home")}
    file = pubmed_file(tmp_path, count=2 * RECORDS)
    assert kb(environment, "load", FIXTURES / "vocabulary.yaml").code == 0
    engine = find_engine(Settings(home=tmp_path / "home", neo4j_uri=None))
    assert engine is not None
    running = started(command("load", file, "--json"), environment)
    while running.poll() is None and kb(environment, "status", "--json").json["counts"]["Citation"] == 0:
        pass
    os.kill(engine.pid, signal.SIGKILL)
    out, err = running.communicate(timeout=120)
    # It goes on with a new engine, or says that the store was lost; either way a rerun completes it.
    assert running.returncode in (0, 3), (out, err)
    assert "Traceback" not in err
    ran = kb(environment, "load", file, "--json")
    assert ran.code == 0, ran.err
    status = kb(environment, "status", "--json").json
    assert (status["counts"]["Citation"], status["counts"]["Therapy"]) == (2 * RECORDS, 2)
    assert kb(environment, "check").code == 0
    kb(environment, "stop")


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal of POSIX")
@pytest.mark.parametrize(
    ("typed", "ended"),
    [("n\n", (1, "Nothing was written.")), ("\x03", (130, "kb: Interrupted. Nothing was written."))],
    ids=["no", "Ctrl-C"],
)
async def test_who_does_not_agree_to_a_load_is_told_that_nothing_was_written(
    store: Store, kb_env: Environment, typed: str, ended: tuple[int, str]
) -> None:
    code, printed = at_a_terminal(command("load", FIXTURES), kb_env, "Write this? [y/N]:", typed)
    assert (code, printed.splitlines()[-1].strip()) == ended
    assert await citations(store) == 0


def at_a_terminal(arguments: list[str], environment: Environment, question: str, typed: str) -> tuple[int, str]:
    """Run ``kb`` at a terminal, and type when it has asked; returns its exit code and all that was on the screen."""
    child, screen = pty.fork()
    if child == 0:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.execve(arguments[0], arguments, environment)
    shown = b""
    with suppress(OSError):  # the end of a terminal
        while piece := os.read(screen, 65_536):
            shown += piece
            if question.encode() in shown and typed:
                os.write(screen, typed.encode())
                typed = ""
    os.close(screen)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), shown.decode()
