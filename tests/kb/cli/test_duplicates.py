"""``kb duplicates``: what an editor sees and decides."""

from pathlib import Path

from tests.kb.cli.command import kb

FILE = Path(__file__).parents[2] / "fixtures" / "matching" / "duplicates.ris"


def test_an_editor_settles_a_pair_and_takes_it_back(kb_env: dict[str, str]) -> None:
    loaded = kb(kb_env, "load", FILE)
    assert loaded.code == 0, loaded.err
    assert "may be the same paper as" in loaded.err

    listed = kb(kb_env, "duplicates")
    assert listed.code == 0, listed.err
    assert "a journal is missing" in listed.out
    assert "Invented Journal of Pain" in listed.out
    (pair,) = kb(kb_env, "duplicates", "--json").json["duplicates"]
    assert (pair["state"], pair["decided"]) == ("OPEN", None)
    with_doi, bare = sorted(pair["citations"], key=lambda one: one["doi"] is None)
    assert (with_doi["doi"], with_doi["authors"], bare["journal"]) == ("10.5555/example.shoulder", "Example A", None)

    merged = kb(kb_env, "duplicates", "--merge", with_doi["key"], bare["key"])
    assert merged.code == 0, merged.err
    assert f"{bare['key']} is merged into {with_doi['key']}" in merged.out
    assert kb(kb_env, "duplicates", "--json").json == {"duplicates": []}
    assert kb(kb_env, "status", "--json").json["counts"]["Citation"] == 1
    again = kb(kb_env, "load", FILE, "--json").json["files"][0]
    assert (again["new"], again["updated"], again["problems"]) == (0, 0, [])

    divided = kb(kb_env, "duplicates", "--split", bare["key"], "--json")
    assert divided.json["state"] == "DIFFERENT"
    assert kb(kb_env, "status", "--json").json["counts"]["Citation"] == 2
    (decided,) = kb(kb_env, "duplicates", "--decided", "--json").json["duplicates"]
    assert decided["state"] == "DIFFERENT"
    assert decided["decidedBy"]
    assert decided["decided"].endswith("Z")
    again = kb(kb_env, "load", FILE, "--json").json["files"][0]
    assert (again["unchanged"], again["problems"]) == (2, [])
    checked = kb(kb_env, "check")
    assert checked.code == 0, checked.out


def test_a_pair_is_kept_apart(kb_env: dict[str, str]) -> None:
    kb(kb_env, "load", FILE)
    (pair,) = kb(kb_env, "duplicates", "--json").json["duplicates"]
    one, other = (citation["key"] for citation in pair["citations"])
    assert "stay apart" in kb(kb_env, "duplicates", "--keep-apart", one, other).out
    assert "No pair of citations is open" in kb(kb_env, "duplicates").out


def test_what_cannot_be_decided_is_told(kb_env: dict[str, str]) -> None:
    unknown = kb(kb_env, "duplicates", "--merge", "pmid:1", "pmid:2")
    assert unknown.code == 1
    assert "No citation has the identifier 'pmid:1'" in unknown.err
    both = kb(kb_env, "duplicates", "--split", "pmid:1", "--keep-apart", "pmid:1", "pmid:2")
    assert both.code == 2
