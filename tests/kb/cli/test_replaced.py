"""A condition that is merged into another one, at the command line: the loads, the questions, and what they say."""

from pathlib import Path

from tests.kb.cli.command import FIXTURES, Ran, kb

Environment = dict[str, str]

CONDITION = """
conditions:
- id: gonarthrosis
  name: Gonarthrosis
  synonyms: [gonitis]
  kind: MUSCULOSKELETAL
  sentence: Worn knees, in Greek.
"""
TOLD = "Gonarthrosis was merged into Knee osteoarthritis.\n"


def load(environment: Environment, path: Path, content: str) -> Ran:
    path.write_text(content, encoding="utf-8")
    return kb(environment, "load", path)


def test_a_merge_from_file_to_answer(kb_env: Environment, tmp_path: Path) -> None:
    assert kb(kb_env, "load", FIXTURES).code == 0
    trial = (FIXTURES / "studies.yaml").read_text(encoding="utf-8")
    for old, new in (("knee-osteoarthritis", "gonarthrosis"), ("invented2020knee", "greek"), ("900001", "900002")):
        trial = trial.replace(old, new)
    trial = trial.replace("An invented trial of platelet-rich plasma", "Another one")
    conditions, studies = tmp_path / "conditions.yaml", tmp_path / "studies.yaml"
    assert load(kb_env, conditions, CONDITION).code == 0
    assert load(kb_env, studies, trial).code == 0
    assert kb(kb_env, "publish").code == 0

    ring = load(kb_env, conditions, f"{CONDITION}  replaced_by: gonarthrosis\n")
    assert ring.code == 1
    assert "conditions.yaml:3: Condition gonarthrosis: is replaced by itself" in " ".join(ring.err.split())
    assert load(kb_env, conditions, f"{CONDITION}  replaced_by: knee-osteoarthritis\n").code == 0
    assert kb(kb_env, "publish").code == 0

    asked = kb(kb_env, "ask", "gonitis")
    assert asked.code == 0, asked.err
    assert asked.out.startswith("Knee osteoarthritis: what is known, as of release 2")
    assert asked.err == TOLD
    assert kb(kb_env, "ask", "gonitis", "--json").json["answers"][0]["studies"] == 2
    earlier = kb(kb_env, "ask", "gonitis", "--as-of", "1")
    assert (earlier.out.splitlines()[0], earlier.err) == ("Gonarthrosis: what is known, as of release 1", "")
    assert kb(kb_env, "ask", "knee osteoarthritis").err == ""
    for words in (("evidence", "-c"), ("gaps",), ("studies", "-c")):
        shown = kb(kb_env, *words, "gonarthrosis")
        assert (shown.code, shown.err) == (0, TOLD), words

    changed = kb(kb_env, "diff", "1", "2", "-c", "gonitis").out
    assert "Platelet-rich plasma for Gonarthrosis\n" in changed
    what = "vocabulary changed: the condition Gonarthrosis was merged into Knee osteoarthritis"
    assert changed.count(f"why:    {what}") == 2

    again = load(kb_env, studies, trial)
    assert again.code == 0
    assert "it counts as about that one; name 'knee-osteoarthritis' instead" in " ".join(again.err.split())
    assert kb(kb_env, "check").code == 0
