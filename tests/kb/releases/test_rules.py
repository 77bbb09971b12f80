"""The version of the rules: it changes with what a rule does, and with nothing else."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kb.releases.rules import rules_version

RULE = '''"""Rules."""

LEVELS = {"high", "low"}


def level(share: float) -> str:
    """Say which."""
    return "high" if share > 0.75 else "low"
'''


def version(folder: Path, text: str) -> str:
    folder.mkdir()
    (folder / "rule.py").write_text(text)
    return rules_version(folder)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Say which.", "Say in a word how sure we are."),
        ("    return", "    # The Cochrane Handbook says so.\n\n    return"),
        ('"high" if share > 0.75 else "low"', '(\n        "high" if share > 0.75 else "low"\n    )'),
    ],
)
def test_words_about_a_rule_are_no_new_rule(tmp_path: Path, old: str, new: str) -> None:
    assert version(tmp_path / "before", RULE) == version(tmp_path / "after", RULE.replace(old, new, 1))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("0.75", "0.8"),
        ("> 0", ">= 0"),
        ('else "low"', 'else "very low"'),
        ("share > ", "not share > "),
        (', "low"}', "}"),
    ],
)
def test_another_number_comparison_or_word_is_a_new_rule(tmp_path: Path, old: str, new: str) -> None:
    assert version(tmp_path / "before", RULE) != version(tmp_path / "after", RULE.replace(old, new, 1))


def test_it_is_the_same_in_any_process(tmp_path: Path) -> None:
    """A set is told by its members, not by the order in which a process happens to hold them."""
    (tmp_path / "rule.py").write_text("def known(word):\n    return word in {'a', 'b', 'c', 'd', 'e'}\n")
    ask = "import sys, pathlib, kb.releases.rules as r; print(r.rules_version(pathlib.Path(sys.argv[1])))"
    asked = [sys.executable, "-c", ask, str(tmp_path)]
    found = {
        subprocess.run(
            asked, env=os.environ | {"PYTHONHASHSEED": seed}, check=True, capture_output=True, text=True
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert found == {f"{rules_version(tmp_path)}\n"}
