"""``kb gaps`` and ``kb studies``: what is open, and what was done how."""

from tests.kb.cli.command import FIXTURES, kb

Environment = dict[str, str]


def test_gaps_and_studies_of_a_published_base(kb_env: Environment) -> None:
    kb(kb_env, "load", FIXTURES)
    kb(kb_env, "publish")
    found = kb(kb_env, "gaps", "OA", "--json")
    assert found.code == 0, found.err
    gaps = found.json["gaps"]
    assert {"therapy": "tens", "condition": "osteoarthritis"}.items() <= gaps[-1].items()
    assert (gaps[-1]["kind"], gaps[-1]["domain"]) == ("NO_STUDY", None)
    printed = kb(kb_env, "gaps", "OA", "--kind", "not_measured")
    assert "physical function" in printed.out
    assert "No study at all" not in printed.out

    studies = kb(kb_env, "studies", "--therapy", "PRP", "--json")
    assert [one["id"] for one in studies.json["studies"]] == ["invented2020knee"]
    none = kb(kb_env, "studies", "--therapy", "PRP", "--dose", "waveform=burst")
    assert none.code == 0
    assert "0 studies" in none.out
    wrong = kb(kb_env, "studies", "--therapy", "PRP", "--dose", "colour=red")
    assert wrong.code == 2
    assert "fields are waveform" in wrong.err
