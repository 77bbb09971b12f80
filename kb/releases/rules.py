"""Which rules an answer was derived by: a hash of the program text of ``kb.evidence``.

When a rule or a wording changes, every answer may change with it though no record did. A release keeps the version of
its rules, so that publishing knows when all answers must be derived anew, and a reader why an answer changed.
"""

import ast
from functools import cache
from hashlib import sha256
from pathlib import Path

import kb.evidence
from kb.store import Store
from schema.release import Release


@cache
def rules_version() -> str:
    """Return twelve hexadecimal digits that stand for the rules as they are now; comments do not count."""
    folder = Path(kb.evidence.__file__).parent
    digest = sha256()
    for path in sorted(folder.rglob("*.py")):
        tree = ast.parse(path.read_bytes())
        for node in ast.walk(tree):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                node.body = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
        digest.update(f"{path.relative_to(folder).as_posix()}\n{ast.dump(tree)}\n".encode())
    return digest.hexdigest()[:12]


async def rules_of(store: Store, release: int) -> str | None:
    """Return which rules the answers of a release were derived by; None where it does not say."""
    (row,) = await store.read("nodes_by_id", {"Label": Release.label}, ids=[str(release)])
    return Release.from_properties(row["node"]).rules
