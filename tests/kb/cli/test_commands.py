"""The command line: what an editor types, what is printed, and the exit codes."""

from importlib.metadata import version
from pathlib import Path

import pytest

from kb.cli.app import COMMANDS
from tests.kb.cli.command import FIXTURES, kb

Environment = dict[str, str]


def test_from_files_to_an_answer(kb_env: Environment) -> None:
    loaded = kb(kb_env, "load", FIXTURES, "--json")
    assert loaded.code == 0, loaded.err
    files = {Path(one["path"]).name: one for one in loaded.json["files"]}
    assert set(files) == {"vocabulary.yaml", "studies.yaml", "pubmed.xml"}
    assert files["vocabulary.yaml"]["new"] == 6
    assert set(files["studies.yaml"]) == {
        "path", "format", "read", "new", "matched", "updated", "unchanged", "rejected", "problems",
    }  # fmt: skip
    status = kb(kb_env, "status", "--json").json
    assert (status["release"], status["counts"]["Citation"], status["drafts"] > 0) == (0, 2, True)

    published = kb(kb_env, "publish", "--message", "first", "--json")
    assert published.json["release"] == 1

    asked = kb(kb_env, "ask", "OA", "--json")
    assert asked.code == 0, asked.err
    answer = asked.json
    assert answer["condition"] == {
        "id": "osteoarthritis",
        "name": "Osteoarthritis",
        "includes": [{"id": "knee-osteoarthritis", "name": "Knee osteoarthritis"}],
    }
    (prp,) = answer["answers"]
    assert prp["therapy"] == {"id": "prp", "name": "Platelet-rich plasma"}
    assert (prp["direction"], prp["studies"], prp["participants"], prp["indirect"]) == ("NO_DIFFERENCE", 1, 200, True)
    (finding,) = prp["findings"]
    assert (finding["study"], finding["effect"]["estimate"], finding["effect"]["unit"]) == (
        "invented2020knee", -0.3, "points (NRS 0-10)",
    )  # fmt: skip
    assert (finding["comparator"], finding["comparatorClass"]) == ("saline", "PLACEBO")
    (citation,) = prp["citations"]
    assert (citation["pmid"], citation["year"], citation["retracted"]) == ("900001", 2020, False)
    assert answer["withoutEvidence"] == ["tens"]

    table = kb(kb_env, "ask", "osteoarthritis", "--therapy", "PRP")
    assert table.code == 0
    for shown in (
        "Platelet-rich plasma",
        "Invented 2020",
        "MD -0.3 (-0.9 to 0.3)",
        "900001",
        "not reviewed by a clinician",
    ):
        assert shown in table.out

    again = kb(kb_env, "load", FIXTURES, "--json").json["files"]
    assert sum(one["new"] + one["updated"] + one["rejected"] for one in again) == 0
    assert "Nothing is pending" in kb(kb_env, "publish").out
    assert "first" in kb(kb_env, "releases").out
    assert kb(kb_env, "check").code == 0


def test_one_paper_from_two_sources_is_one_citation_with_both_their_fields(kb_env: Environment) -> None:
    kb(kb_env, "load", FIXTURES / "vocabulary.yaml", FIXTURES / "studies.yaml")
    kb(kb_env, "load", FIXTURES / "pubmed.xml")
    assert kb(kb_env, "status", "--json").json["counts"]["Citation"] == 2


def test_preview_writes_nothing(kb_env: Environment) -> None:
    shown = kb(kb_env, "load", FIXTURES, "--preview")
    assert shown.code == 0
    assert "nothing was written" in shown.out
    assert sum(kb(kb_env, "status", "--json").json["counts"].values()) == 0


def test_a_bad_file_among_good_ones_is_told_with_its_place_and_loses_nothing_else(
    kb_env: Environment, tmp_path: Path
) -> None:
    text = (FIXTURES / "studies.yaml").read_text()
    bad = tmp_path / "bad.yaml"
    bad.write_text(text.replace("participants: 200", "participants: -1").replace("invented2020knee", "bad2020knee"))
    html = tmp_path / "page.xml"
    html.write_text("<!doctype html><html><body>Sign in</body></html>")
    ran = kb(kb_env, "load", FIXTURES / "vocabulary.yaml", bad, html, "--json")
    assert ran.code == 1
    files = {Path(one["path"]).name: one for one in ran.json["files"]}
    assert files["vocabulary.yaml"]["new"] == 6
    assert files["bad.yaml"]["problems"][0]["where"] == f"{bad}:6"
    assert "HTML" in files["page.xml"]["problems"][0]["message"]


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["ask", "osteoartritis"], 1, "Did you mean 'Osteoarthritis'"),
        (["ask", "osteoarthritis", "--therapy", "PRPP"], 1, "Platelet-rich plasma"),
        (["ask", "osteoarthritis", "--as-of", "7"], 1, "No release"),
        (["load", "no-such-file.yaml"], 2, "There is no file or folder"),
        (["load"], 2, "Nothing to load was named"),
        (["serve", "--port", "99999"], 2, "65535"),
        (["frobnicate"], 2, "No such command"),
    ],
)
def test_what_cannot_be_done_is_said_with_the_right_exit_code(
    kb_env: Environment, arguments: list[str], code: int, told: str
) -> None:
    kb(kb_env, "load", FIXTURES / "vocabulary.yaml")
    kb(kb_env, "publish")
    ran = kb(kb_env, *arguments)
    assert ran.code == code, ran.err
    assert told in ran.err
    assert "Traceback" not in ran.err


def test_asking_before_the_first_release_says_what_to_do(kb_env: Environment) -> None:
    ran = kb(kb_env, "ask", "osteoarthritis")
    assert (ran.code, "kb publish" in ran.err) == (1, True)


def test_a_server_that_is_not_there_is_exit_code_3(tmp_path: Path, kb_env: Environment) -> None:
    ran = kb({**kb_env, "NEO4J_URI": "bolt://127.0.0.1:9", "NEO4J_PASSWORD": "x"}, "status")
    assert ran.code == 3
    assert "127.0.0.1:9" in ran.err


def test_settings_that_cannot_be_used_are_exit_code_2(kb_env: Environment) -> None:
    ran = kb({**kb_env, "KB_PORT": "many"}, "status")
    assert ran.code == 2
    assert "KB_PORT" in ran.err


@pytest.mark.parametrize("name", [*(command.__name__ for command in COMMANDS), "webhooks"])
def test_every_command_explains_itself_in_words_without_marks(name: str) -> None:
    ran = kb({"PATH": "/usr/bin:/bin"}, name, "--help")
    assert ran.code == 0
    assert "Usage" in ran.out
    assert "`" not in ran.out


def test_the_version_names_the_program_and_the_rules_that_a_release_keeps(kb_env: Environment) -> None:
    kb(kb_env, "load", FIXTURES)
    kb(kb_env, "publish")
    (release,) = kb(kb_env, "releases", "--json").json["releases"]
    ran = kb({"PATH": "/usr/bin:/bin"}, "--version")
    assert ran.out == f"treatise {version('treatise')}, rules of evidence {release['rules']}\n"
