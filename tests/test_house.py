"""The house rules that a command can see; CONTRIBUTING.md gives the reasons."""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[1]
ROOMS = ("api", "kb", "loaders", "schema")

TOP_LEVEL = {
    ".ci",
    ".gitignore",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "api",
    "bench",
    "kb",
    "loaders",
    "pyproject.toml",
    "requirements-bench.lock",
    "requirements-build.lock",
    "requirements-dev.lock",
    "requirements.lock",
    "schema",
    "seeds",
    "tests",
}

HOMELESS = {"util", "utils", "helper", "helpers", "common", "misc", "core", "manager", "managers"}

#: Each with a letter in brackets, so that this file does not hold what it forbids.
UNFINISHED = re.compile(r"\b(TO[D]O|FIX[M]E|XX[X]|HA[C]K)\b")
MACHINE_PATH = re.compile(r"(?<![\w.:/-])(/hom[e]/\w|/User[s]/\w|/roo[t]/|/wor[k]/|[A-Z]:\\{1,2}User[s])")
REGISTRY = re.compile(
    r"pypi\.[o]rg|pythonhosted\.[o]rg|registry\.[n]pmjs|repo1?\.[m]aven|crates\.[i]o|deb\.[d]ebian|proxy\.[g]olang"
)

#: A statement, not a word: a clause that only Cypher has.
CYPHER = re.compile(
    r"\b(MATCH|MERGE|CREATE)\s+(\w+\s*=\s*)?\(\w*(:\w+)?(\s*\{|\))|\bUNWIND\s+\$|\bDETACH\s+DELETE\s+\w+\s*$"
    r"|\bRETURN\s+\w+\s*\{\.\*|\bCALL\s+\w+(\.\w+)+\(|\b(CREATE|DROP)\s+(CONSTRAINT|INDEX)\b"
)
ASKED = {"store", "session", "transaction", "tx", "driver", "graph"}


@cache
def files(*endings: str) -> list[Path]:
    """Return the project's own files: what git holds or would take."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True)
    if listed.returncode != 0:
        pytest.skip("this copy is no git checkout")
    paths = (CHECKOUT / line for line in listed.stdout.splitlines())
    return [
        path for path in paths if path.is_file() and (not endings or path.suffix in endings or path.name in endings)
    ]


def name(path: Path) -> str:
    """Return a path as the message shows it."""
    return path.relative_to(CHECKOUT).as_posix()


def test_the_top_level_holds_only_what_a_newcomer_is_told_of() -> None:
    assert {path.relative_to(CHECKOUT).parts[0] for path in files()} <= TOP_LEVEL


def test_no_file_or_folder_has_a_name_that_says_nothing() -> None:
    for path in files():
        parts = path.relative_to(CHECKOUT).parts
        assert not {Path(part).stem.lower() for part in parts} & HOMELESS, name(path)


def test_nothing_is_left_unfinished() -> None:
    for path, text in written():
        assert not UNFINISHED.search(text), name(path)


def test_nothing_names_a_folder_of_somebodys_machine_or_a_registry() -> None:
    for path, text in written():
        for line, words in enumerate(text.splitlines(), 1):
            assert not MACHINE_PATH.search(words), f"{name(path)}:{line}"
            assert not REGISTRY.search(words), f"{name(path)}:{line}"


def test_most_files_are_short() -> None:
    lengths = {name(path): path.read_bytes().count(b"\n") for path in files(".py") if path.parts[-2] != "terms"}
    long = sorted(path for path, lines in lengths.items() if lines > 350 and not path.startswith("tests/"))
    assert len(long) <= 5, long


def test_cypher_stands_in_query_files_only() -> None:
    for path in files(".cypher"):
        assert (
            name(path).startswith(("kb/queries/", "tests/queries/", "bench/queries/"))
            or name(path) == "schema/graph.cypher"
        )
    for path in files(".py"):
        if name(path).startswith(ROOMS):
            for node in ast.walk(tree(path)):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    assert not CYPHER.search(node.value), f"{name(path)}:{node.lineno}: move it to kb/queries/"


def test_no_query_is_put_together_from_texts() -> None:
    for path in files(".py"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and node.args and asks(node):
                first = node.args[0]
                assert not isinstance(first, ast.JoinedStr | ast.BinOp), f"{name(path)}:{node.lineno}"
                assert not (isinstance(first, ast.Call) and last_name(first.func) == "format"), (
                    f"{name(path)}:{node.lineno}"
                )


def test_what_contributing_names_exists() -> None:
    text = (CHECKOUT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:\.ci|api|bench|kb|loaders|schema|seeds|tests)/[\w./-]*)`", text) + re.findall(
        r"\]\((\w[\w./]+)\)", text
    )
    assert [path for path in named if not (CHECKOUT / path).exists()] == []
    targets = set(re.findall(r"^(\w+):", (CHECKOUT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"\bmake (\w+)", text)) <= targets


QUERIES = sorted((CHECKOUT / "kb" / "queries").glob("*.cypher"))


@pytest.mark.parametrize("query", QUERIES, ids=lambda path: path.stem)
def test_a_query_says_what_it_is_for_and_has_its_caller(query: Path) -> None:
    text = query.read_text(encoding="utf-8")
    assert CYPHER.search(text), "the test above would not know it for Cypher"
    assert re.match(r"// [A-Z].*[.:]\n", text), "its first line says what it means: // A sentence."
    callers = [place for place, value in constants("kb") if value == query.stem]
    assert callers, "nobody asks it: delete it"
    # A query with a place for the label serves every kind of record; any other has the one function that means it.
    if "__Label__" not in text:
        assert len(callers) == 1, callers


def test_only_the_knowledge_base_asks_its_queries() -> None:
    names = {query.stem for query in QUERIES}
    for path in files(".py"):
        if name(path).startswith(("api/", "loaders/", "schema/")):
            for node in ast.walk(tree(path)):
                if isinstance(node, ast.Call) and node.args and asks(node):
                    assert not (isinstance(node.args[0], ast.Constant) and node.args[0].value in names), name(path)


WRITING = re.compile(r"\b(CREATE|MERGE|SET|DELETE|REMOVE|DROP)\b")


def test_what_is_read_with_never_writes() -> None:
    # The embedded engine does not enforce read access: the text of the query must.
    texts = {query.stem: re.sub(r"//.*", "", query.read_text(encoding="utf-8")) for query in QUERIES}
    asked = [
        (f"{name(path)}:{node.lineno}", argument.value)
        for path in files(".py")
        if name(path).startswith("kb/")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("read", "stream")
        for argument in node.args[:1]
        if isinstance(argument, ast.Constant) and argument.value in texts
    ]
    assert len(asked) > 10
    assert [place for place, query in asked if WRITING.search(texts[query])] == []


def written() -> Iterator[tuple[Path, str]]:
    """Yield the files that we write ourselves: no locks, no licence, no recorded replies of others, no web library."""
    ours = files(
        ".py", ".cypher", ".md", ".toml", ".yaml", ".html", ".css", ".js", ".graphql", "Makefile", "run", "env"
    )
    for path in ours:
        if "fixtures" not in path.parts and "static" not in path.parts:
            yield path, path.read_text(encoding="utf-8")


def asks(call: ast.Call) -> bool:
    """Tell whether a call hands a query to the store or the driver: store.read(…), tx.run(…), Statement(…)."""
    if isinstance(call.func, ast.Attribute):
        return last_name(call.func.value).strip("_") in ASKED
    return last_name(call.func) == "Statement"


def last_name(node: ast.expr) -> str:
    """Return the last part of a dotted name."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


@cache
def tree(path: Path) -> ast.Module:
    """Return a file's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def constants(room: str) -> list[tuple[str, str]]:
    """Return every text in a room's code, with its place."""
    return [
        (f"{name(path)}:{node.lineno}", node.value)
        for path in files(".py")
        if name(path).startswith(f"{room}/")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
