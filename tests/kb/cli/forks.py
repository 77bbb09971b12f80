"""Processes of ``kb`` that start with other people's packages in place: ``python -m tests.kb.cli.forks``.

Three quarters of the time of a short command go into importing packages that are the same in all of them. Each line on
standard input asks for one process (JSON: arguments, environment, folder, files for its output); its exit code is the
answer. Our own modules are imported anew in each, but for those that bring the driver in.
"""

import json
import os
import sys
from importlib import import_module
from typing import Any

PACKAGES = (
    "httpx",
    "kb.store.driver",
    "lxml.etree",
    "orjson",
    "rapidfuzz.fuzz",
    "rich.console",
    "rich.table",
    "typer",
    "yaml",
)


def serve() -> None:
    """Fork for each request, until standard input ends."""
    for name in PACKAGES:
        import_module(name)
    while line := sys.stdin.readline():
        child = os.fork()
        if child == 0:
            run(json.loads(line))
            return
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def run(asked: dict[str, Any]) -> None:
    """Become the process that was asked for; ends as the interpreter does."""
    for number, path in ((0, os.devnull), (1, asked["out"]), (2, asked["err"])):
        opened = os.open(path, os.O_RDONLY if number == 0 else os.O_WRONLY)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    os.environ.clear()
    os.environ.update(asked["environment"])
    os.chdir(asked["folder"])
    sys.argv = ["kb", *asked["arguments"]]
    from kb.cli import main

    main()


if __name__ == "__main__":
    serve()
