"""``kb trials`` as an editor types it."""

from tests.kb.cli.command import FIXTURES, kb

TRIALS = FIXTURES.parent / "clinicaltrials" / "trials.json"


def test_registered_trials_are_listed_and_those_that_owe_a_report(kb_env: dict[str, str]) -> None:
    assert kb(kb_env, "trials").code == 1, "nothing is published yet"
    assert kb(kb_env, "load", FIXTURES, TRIALS).code == 0
    assert kb(kb_env, "publish").code == 0
    listed = kb(kb_env, "trials", "--condition", "OA", "--json")
    assert listed.code == 0, listed.err
    (trial,) = listed.json["trials"]
    assert (trial["number"], trial["status"], trial["enrolment"]) == ("NCT90000001", "COMPLETED", 64)
    assert (trial["primaryCompletion"], trial["resultsPosted"]) == ("2017-05", False)
    assert len(kb(kb_env, "trials", "--json").json["trials"]) == 2
    owing = kb(kb_env, "trials", "--without-results", "--on", "2020-01-01")
    assert "NCT90000001" in owing.out
    assert "NCT90000002" not in owing.out
    assert kb(kb_env, "trials", "--status", "done").code == 2
    assert kb(kb_env, "trials", "--therapy", "nonsense").code == 1
