"""``kb load``: all that an editor may hand in."""

import gzip
import json
import os
import pty
import subprocess
import zipfile
from contextlib import suppress
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
        # As some programs write them: from where they stood.
        listed = zipfile.ZipInfo("./partial.nbib")
        archive.writestr(listed, (BIBLIO / "partial.nbib").read_bytes())
        archive.writestr("__MACOSX/._items.json", "x")
    (tmp_path / "list.gz").write_bytes(gzip.compress((BIBLIO / "dialects.ris").read_bytes()))
    loaded = kb(kb_env, "load", tmp_path, "--json")
    assert loaded.code == 0, loaded.err
    read = {Path(one["path"]).name: (one["format"], one["new"]) for one in loaded.json["files"]}
    assert read == {
        "list.gz": ("ris", 4),
        "sent.zip!items.json": ("csl-json", 3),
        "two.nbib": ("medline", 2),
        "partial.nbib": ("medline", 2),
    }

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
        archive.writestr("inner.zip", b"PK\x03\x04")
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


def test_one_source_that_does_not_answer_costs_the_load_no_more_than_its_own_records(
    kb_env: Environment, tmp_path: Path
) -> None:
    replies = {**NOBODY, "efetch": (200, (FIXTURES / "pubmed.xml").read_bytes()), "/crossref/": (403, b"")}
    asked = ["load", BIBLIO / "items.json", "pmid:900001", "doi:10.5555/invented.7", "NCT04676100", "--json"]
    with upstream(replies) as settings:
        loaded = kb({**kb_env, **settings}, *asked)
        # Later, with the source that was down: what was fetched comes out of the cache.
        replies |= {"efetch": (403, b""), "/crossref/": (200, (REPLIES / "crossref_work.json").read_bytes())}
        again = kb({**kb_env, **settings}, *asked)
    assert (loaded.code, loaded.err) == (3, "")
    files = {one["path"]: one for one in loaded.json["files"]}
    assert files[str(BIBLIO / "items.json")]["new"] == 3
    assert files["PubMed, reply 1"]["new"] >= 1
    (problem,) = files["doi:10.5555/invented.7"]["problems"]
    assert problem["where"] == "doi:10.5555/invented.7"
    assert "was not fetched: 127.0.0.1 answered with HTTP 403" in problem["message"]
    assert "has no study NCT04676100" in files["NCT04676100"]["problems"][0]["message"]
    # Only the study that nobody knows is left.
    assert again.code == 1
    assert {one["path"]: one["new"] for one in again.json["files"]} == {
        str(BIBLIO / "items.json"): 0, "PubMed, reply 1": 0, "Crossref 10.5555/invented.7": 1, "NCT04676100": 0,
    }  # fmt: skip


def test_an_archive_in_an_archive_is_opened_and_a_deeper_one_is_told(kb_env: Environment, tmp_path: Path) -> None:
    content = (BIBLIO / "items.json").read_bytes()
    for name, inner in (("deep.zip", "items.json"), ("inner.zip", "deep.zip"), ("sent.zip", "inner.zip")):
        with zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(inner, content)
            archive.writestr("list.ris.gz", gzip.compress((BIBLIO / "dialects.ris").read_bytes()))
        content = (tmp_path / name).read_bytes()
    # Out of a pipe too.
    done = subprocess.run(
        command("load", "-", "--preview", "--json"),
        env=kb_env, input=content, capture_output=True, timeout=120, check=False,
    )  # fmt: skip
    files = {one["path"]: one for one in json.loads(done.stdout)["files"]}
    lists = ["standard input!inner.zip!list.ris.gz", "standard input!list.ris.gz"]
    assert {name: one["format"] for name, one in files.items()} == {
        **dict.fromkeys(lists, "ris"), "standard input!inner.zip!deep.zip": None,
    }  # fmt: skip
    assert [files[name]["read"] for name in lists] == [4, 4]
    assert "too deep" in files["standard input!inner.zip!deep.zip"]["problems"][0]["message"]
    assert done.returncode == 1


def test_many_small_files_that_unpack_to_much_are_not_opened(kb_env: Environment, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "many.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for number in range(12):
            archive.writestr(f"{number}.ris", b"\0" * 10_000_000)
    loaded = kb(kb_env, "load", tmp_path / "many.zip", "--preview", "--json")
    (only,) = loaded.json["files"]
    assert "120,000,000 bytes" in only["problems"][0]["message"]
    assert loaded.code == 1


@pytest.mark.parametrize(("answer", "code", "new_afterwards"), [("n", 1, 3), ("y", 0, 0)])
def test_on_a_terminal_it_shows_what_would_happen_and_asks(
    kb_env: Environment, answer: str, code: int, new_afterwards: int
) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(command("load", BIBLIO / "items.json"), env=kb_env, stdin=theirs, stdout=theirs)
    os.close(theirs)
    printed = b""
    while b"Write this?" not in printed:
        printed += os.read(ours, 4096)
    assert b"nothing was written" in printed
    os.write(ours, f"{answer}\n".encode())
    # A terminal that nobody holds any more is read to its end with an error.
    with suppress(OSError):
        while piece := os.read(ours, 4096):
            printed += piece
    os.close(ours)
    assert process.wait(timeout=120) == code
    again = kb(kb_env, "load", BIBLIO / "items.json", "--preview", "--json")
    assert again.json["files"][0]["new"] == new_afterwards


def test_offline_is_said_at_once(tmp_path: Path) -> None:
    loaded = kb({**without_store(tmp_path), "KB_OFFLINE": "1"}, "load", "NCT04676100")
    assert loaded.code == 3
    assert "KB_OFFLINE" in loaded.err


def test_a_line_that_names_nothing_is_told_where_nothing_could_be_fetched(kb_env: Environment, tmp_path: Path) -> None:
    ids = tmp_path / "ids.txt"
    ids.write_text("NCT04676100\nnot an identifier\n")
    loaded = kb({**kb_env, "KB_OFFLINE": "1"}, "load", "--ids", ids, "--json")
    assert loaded.code == 3
    (told,) = loaded.json["files"]
    said = {one["where"]: one["message"] for one in told["problems"]}
    assert "holds no PMID" in said[f"{ids}:2"]
    assert "KB_OFFLINE" in said[f"{ids}:1"]


def test_an_argument_that_names_nothing_is_wrong_usage(tmp_path: Path) -> None:
    missing = ["nowhere.ris", "folder/NCT04676100.json", "x" * 300]
    for arguments in (*([one] for one in missing), [], ["--ids", "nowhere.txt"], ["-", "--ids", "-"]):
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
    mistyped = kb(kb_env, "load", table, "--column", "Wenn=year")
    assert mistyped.code == 2
    assert "'When'" in mistyped.err


def test_thousands_of_small_files_have_a_row_each(kb_env: Environment, tmp_path: Path) -> None:
    folder = tmp_path / "records"
    folder.mkdir()
    for number in range(0, 2_000, 2):
        (folder / f"{number:04}.ris").write_text(
            f"TY  - JOUR\nTI  - Invented trial {number} of a treatment\nDO  - 10.5555/many.{number}\nER  - \n"
        )
        (folder / f"{number + 1:04}.nbib").write_text(
            f"PMID- {20_000_001 + number}\nTI  - Invented trial {number + 1} of a treatment\nDP  - 2020\n"
        )
    shown = kb(kb_env, "load", folder, "--preview", "--json")
    assert shown.code == 0, shown.err
    rows = [(Path(one["path"]).name[:4], one["read"], one["new"], one["problems"]) for one in shown.json["files"]]
    assert rows == [(f"{number:04}", 1, 1, []) for number in range(2_000)]


def test_what_a_second_file_says_of_a_paper_is_told_of_that_file(kb_env: Environment, tmp_path: Path) -> None:
    for name, rest in (("1.ris", ""), ("2.ris", "VL  - 12\n"), ("3.ris", "VL  - 12\n")):
        (tmp_path / name).write_text(f"TY  - JOUR\nTI  - An invented trial\nDO  - 10.5555/one\n{rest}ER  - \n")
    loaded = kb(kb_env, "load", tmp_path, "--json")
    assert loaded.code == 0, loaded.err
    assert [(one["new"], one["updated"], one["matched"]) for one in loaded.json["files"]] == [
        (1, 0, 0), (0, 1, 0), (0, 0, 1),
    ]  # fmt: skip
