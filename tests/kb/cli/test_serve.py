"""``kb serve`` and ``kb demo``: a real server, asked over HTTP, ended by Ctrl-C."""

import json
import re
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.conftest import clean_environment
from tests.kb.cli.command import FIXTURES, command, kb

Environment = dict[str, str]
EXAMPLE = Path(__file__).parents[3] / "api" / "examples" / "1-therapies-with-evidence.graphql"


@contextmanager
def serving(environment: Environment, *arguments: str) -> Generator[tuple[str, list[str]]]:
    """Run a command until it serves; give its address and what it printed, and end it as Ctrl-C does."""
    running = subprocess.Popen(
        command(*arguments), env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    printed: list[str] = []
    try:
        assert running.stdout is not None
        for line in running.stdout:
            printed.append(line)
            if found := re.match(r"Serving (http://\S+)", line):
                yield found[1], printed
                break
        else:
            raise AssertionError(f"never served: {''.join(printed)}")
        running.send_signal(signal.SIGINT)
        assert running.wait(30) == 0
    finally:
        running.kill()
        running.wait()


def get(address: str) -> str:
    """A page, asked for once: what says that it serves answers."""
    with urllib.request.urlopen(address, timeout=30) as answer:
        return answer.read().decode()


def ask(address: str, query: str, **variables: Any) -> Any:
    """A GraphQL answer."""
    body = json.dumps({"query": query, "variables": variables}).encode()
    request = urllib.request.Request(f"{address}/graphql", body, {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def test_the_example_query_over_http(kb_env: Environment) -> None:
    kb(kb_env, "load", FIXTURES)
    kb(kb_env, "publish")
    with serving(kb_env, "serve", "--port", "0") as (address, _):
        answer = ask(address, EXAMPLE.read_text(), condition="OA")
        (node,) = answer["data"]["condition"]["evidence"]["nodes"]
        assert node["therapy"]["name"] == "Platelet-rich plasma"
        assert node["findings"]["nodes"][0]["effect"]["estimate"] == -0.3
        assert "Platelet-rich plasma" in get(address)


def test_two_workers_answer_alike(kb_env: Environment) -> None:
    kb(kb_env, "load", FIXTURES)
    kb(kb_env, "publish")
    with serving(kb_env, "serve", "--port", "0", "--workers", "2") as (address, _):
        answers = {json.dumps(ask(address, EXAMPLE.read_text(), condition="OA")) for _ in range(10)}
        assert len(answers) == 1


def test_a_port_that_is_taken_is_said_at_once(kb_env: Environment) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ran = kb(kb_env, "serve", "--port", str(taken.getsockname()[1]))
    assert ran.code == 2
    assert "is taken by another program" in ran.err


def test_the_demo_answers_and_started_again_changes_nothing(tmp_path: Path) -> None:
    environment = {**clean_environment(), "KB_HOME": str(tmp_path / "home")}
    with serving(environment, "demo", "--port", "0") as (address, first):
        page = get(address)
    text = "".join(first)
    assert "Published release 1." in text
    assert "Platelet-rich plasma" in text
    assert "Platelet-rich plasma" in page
    with serving(environment, "demo", "--port", "0") as (_, second):
        pass
    assert "nothing was changed" in "".join(second)
    assert "Published" not in "".join(second)
    # What the demo started ends with it, within a moment.
    state = tmp_path / "home" / "engine" / "state.json"
    end = time.monotonic() + 20
    while state.exists() and time.monotonic() < end:
        time.sleep(0.1)
    assert "No embedded engine is running" in kb(environment, "stop").out
