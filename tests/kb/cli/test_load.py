"""``kb load``: all that an editor may hand in."""

import gzip
import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.conftest import clean_environment
from tests.kb.cli.command import FIXTURES, command, kb
from tests.kb.cli.upstream import upstream

Environment = dict[str, str]
BIBLIO = FIXTURES.parent / "biblio"
REPLIES = FIXTURES.parent / "replies"

NOBODY = {
    "efetch": (200, b"<?xml version='1.0'?><PubmedArticleSet></PubmedArticleSet>"),
    "esearch": (200, b'{"esearchresult": {"idlist": []}}'),
    "idconv": (200, b'{"records": []}'),
    "/epmc/": (200, b'{"hitCount": 0, "resultList": {"result": []}}'),
}


def without_store(home: Path) -> Environment:
    """Settings of an empty home: these commands end before they open a graph."""
    return {**clean_environment(), "KB_HOME": str(home)}


def test_archives_folders_and_standard_input_are_read_alike(kb_env: Environment, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "sent.zip", "w") as archive:
        archive.write(BIBLIO / "two.nbib", "folder/two.nbib")
        archive.write(BIBLIO / "items.json", "items.json")
        archive.writestr("__MACOSX/._items.json", "x")
    (tmp_path / "list.gz").write_bytes(gzip.compress((BIBLIO / "dialects.ris").read_bytes()))
    loaded = kb(kb_env, "load", tmp_path, "--json")
    assert loaded.code == 0, loaded.err
    read = {Path(one["path"]).name: (one["format"], one["new"]) for one in loaded.json["files"]}
    assert read == {"list.gz": ("ris", 4), "sent.zip!items.json": ("csl-json", 3), "two.nbib": ("medline", 2)}

    again = subprocess.run(
        command("load", "-", "--json"),
        env=kb_env, input=(BIBLIO / "items.json").read_bytes(), capture_output=True, timeout=120, check=False,
    )  # fmt: skip
    assert again.returncode == 0
    # The same three works, in another place.
    assert b'"matched": 3' in again.stdout


def test_a_damaged_archive_costs_only_what_is_damaged(kb_env: Environment, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "half.zip", "w") as archive:
        archive.writestr("bad.ris", (BIBLIO / "dialects.ris").read_bytes())
        archive.write(BIBLIO / "items.json", "items.json")
        archive.writestr("inner.zip", b"PK")
    content = bytearray((tmp_path / "half.zip").read_bytes())
    content[200] ^= 255
    (tmp_path / "half.zip").write_bytes(content)
    (tmp_path / "none.zip").write_bytes(content[:150])
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("bomb.ris", b"\0" * 120_000_000)
    loaded = kb(kb_env, "load", tmp_path, "--preview", "--json")
    assert loaded.code == 1
    told = {Path(one["path"]).name: one["problems"] for one in loaded.json["files"] if one["rejected"]}
    assert set(told) == {"half.zip!bad.ris", "half.zip!inner.zip", "none.zip", "bomb.zip!bomb.ris"}
    assert "times its size" in told["bomb.zip!bomb.ris"][0]["message"]
    assert any(one["new"] == 3 for one in loaded.json["files"])


def test_identifiers_are_fetched_from_the_source_that_knows_them(kb_env: Environment, tmp_path: Path) -> None:
    replies = {
        **NOBODY,
        "efetch": (200, (FIXTURES / "pubmed.xml").read_bytes()),
        "/crossref/works/10.5555": (200, (REPLIES / "crossref_work.json").read_bytes()),
    }
    ids = tmp_path / "ids.txt"
    ids.write_text("PMID\n900001  # the trial\nnot an identifier\ndoi:10.5555/invented.7; pmid:123456\n")
    with upstream(replies) as settings:
        loaded = kb({**kb_env, **settings}, "load", "--ids", ids, "--json")
        assert loaded.code == 1
        files = {one["path"]: one for one in loaded.json["files"]}
        assert files["Crossref 10.5555/invented.7"]["new"] == 1
        assert files["PubMed, reply 1"]["new"] >= 1
        where = [problem["where"] for problem in files[str(ids)]["problems"]]
        assert where == [f"{ids}:3", f"{ids}:4"]
        again = kb({**kb_env, **settings}, "load", "doi:10.5555/invented.7", "--json")
        assert (again.code, again.json["files"][0]["unchanged"]) == (0, 1)


@pytest.mark.parametrize(
    ("replies", "said"),
    [
        ({"": (200, b"<html>maintenance</html>")}, "HTML page"),
        ({"": (403, b"")}, "HTTP 403"),
    ],
)
def test_a_source_that_does_not_answer_ends_the_load_with_a_reason(
    tmp_path: Path, replies: dict[str, tuple[int, bytes]], said: str
) -> None:
    with upstream(replies) as settings:
        loaded = kb({**without_store(tmp_path), **settings}, "load", "pmid:900001")
    assert loaded.code == 3
    assert said in loaded.err


def test_offline_is_said_at_once(tmp_path: Path) -> None:
    loaded = kb({**without_store(tmp_path), "KB_OFFLINE": "1"}, "load", "NCT04676100")
    assert loaded.code == 3
    assert "KB_OFFLINE" in loaded.err


def test_an_argument_that_names_nothing_is_wrong_usage(tmp_path: Path) -> None:
    for arguments in (["nowhere.ris"], [], ["--ids", "nowhere.txt"]):
        assert kb(without_store(tmp_path), "load", *arguments).code == 2


def test_columns_are_shown_and_can_be_named(kb_env: Environment, tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text("Main author;Article name;When;Remarks\nBeta B;A paper of note;2001;none\n")
    unknown = kb(kb_env, "load", table, "--preview")
    assert unknown.code == 1
    named = [
        one for text in ("Article name=title", "main AUTHOR=first_author", "When=year") for one in ("--column", text)
    ]
    shown = kb(kb_env, "load", table, "--preview", *named)
    assert shown.code == 0, shown.err
    assert "first_author" in shown.out
    loaded = kb(kb_env, "load", table, "--json", *named)
    assert {one["column"]: one["field"] for one in loaded.json["columns"]} == {
        "Main author": "first_author", "Article name": "title", "When": "year", "Remarks": None,
    }  # fmt: skip
    assert loaded.json["files"][0]["new"] == 1
    assert kb(kb_env, "load", table, "--column", "When=colour").code == 2
