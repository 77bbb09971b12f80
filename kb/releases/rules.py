"""Which rules an answer was derived by: a hash of the program text of ``kb.evidence``.

When a rule or a wording changes, every answer may change with it though no record did. A release keeps the version of
its rules, so that publishing knows when all answers must be derived anew, and a reader why an answer changed.
"""

from functools import cache
from hashlib import sha256
from pathlib import Path
from types import CodeType

import kb.evidence
from kb.store import Store
from schema.release import Release

#: What makes a compiled function what it does, beside its constants; neither its place in a file nor its docstring.
_PARTS = (
    "co_name",
    "co_argcount",
    "co_posonlyargcount",
    "co_kwonlyargcount",
    "co_flags",
    "co_names",
    "co_varnames",
    "co_freevars",
    "co_cellvars",
    "co_code",
)


@cache
def rules_version(folder: Path = Path(kb.evidence.__file__).parent) -> str:
    """Return twelve hexadecimal digits that stand for the rules in a folder as they are now.

    Comments, docstrings and layout do not count. Another version of Python may compile to other ones.
    """
    digest = sha256()
    for path in sorted(folder.rglob("*.py")):
        code = compile(path.read_bytes(), path.name, "exec", dont_inherit=True, optimize=2)
        digest.update(f"{path.relative_to(folder).as_posix()}\n{_told(code)}\n".encode())
    return digest.hexdigest()[:12]


def _told(constant: object) -> str:
    """Compiled code, or a constant in it, as text that is the same for the same program."""
    match constant:
        case CodeType():
            return repr([getattr(constant, part) for part in _PARTS]) + _told(constant.co_consts)
        case tuple():
            return f"({','.join(map(_told, constant))})"  # pyright: ignore[reportUnknownArgumentType]
        case frozenset():
            return f"{{{','.join(sorted(map(_told, constant)))}}}"  # pyright: ignore[reportUnknownArgumentType]
        case _:
            return repr(constant)


async def rules_of(store: Store, release: int) -> str | None:
    """Return which rules the answers of a release were derived by; None where it does not say."""
    (node,) = await store.nodes(Release.label, [str(release)])
    return Release.from_properties(node).rules
