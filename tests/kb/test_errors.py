"""The error tree: words, exit codes, and the drawing of it in the module's docstring."""

import re

import pytest

from kb import errors
from kb.errors import NotFound, StoreFault, TreatiseError


def tree(kind: type[TreatiseError]) -> list[type[TreatiseError]]:
    return [kind, *(deeper for below in kind.__subclasses__() for deeper in tree(below))]


def drawn() -> dict[str, int]:
    """Names in the docstring's drawing with their exit code, inherited where none is shown."""
    found: dict[str, int] = {}
    code = 1
    for line in (errors.__doc__ or "").splitlines():
        if entry := re.match(r"    [│ ├└─]*(?P<name>[A-Z][A-Za-z]+) +(?P<code>\d+)?", line):
            code = int(entry["code"] or code)
            found[entry["name"]] = code
    return found


def test_the_drawing_shows_the_tree_as_it_is() -> None:
    own = [kind for kind in tree(TreatiseError) if kind.__module__ == errors.__name__]
    assert drawn() == {kind.__name__: kind.exit_code for kind in own}


def test_a_message_ends_with_what_to_do() -> None:
    assert str(TreatiseError("It is broken.", "Mend it.")) == "It is broken. Mend it."
    assert str(TreatiseError("It is broken.")) == "It is broken."


@pytest.mark.parametrize(
    ("nearest", "hint"),
    [
        ([], "No name comes close to it."),
        (["scs"], "Did you mean 'scs'?"),
        (["scs", "sci", "prp"], "Did you mean 'scs', 'sci' or 'prp'?"),
    ],
)
def test_a_name_that_finds_nothing_comes_with_the_nearest(nearest: list[str], hint: str) -> None:
    missing = NotFound("scz", nearest, "No therapy")
    assert str(missing) == f"No therapy is called 'scz'. {hint}"
    assert missing.nearest == tuple(nearest)


def test_an_identifier_that_nothing_has_is_not_told_of_names() -> None:
    missing = NotFound("10.5555/none", kind="No citation")
    assert str(missing) == (
        "No citation has the identifier '10.5555/none'. Check how it is written, and whether it is loaded."
    )


def test_a_fault_of_the_store_carries_its_code() -> None:
    assert StoreFault("Refused.", code="Neo.ClientError.X").code == "Neo.ClientError.X"
