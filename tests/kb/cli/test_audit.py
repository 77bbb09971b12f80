"""``kb audit`` over the page of the seeds, and over pages in files."""

from pathlib import Path

from tests.kb.cli.command import kb

Environment = dict[str, str]
SEEDS = Path(__file__).parents[3] / "seeds"
PAGE = "recent-advances-in-pain-management"


def test_the_page_of_the_seeds_beside_the_evidence(kb_env: Environment, tmp_path: Path) -> None:
    assert kb(kb_env, "load", SEEDS, "--yes").code == 0
    assert kb(kb_env, "publish").code == 0
    ran = kb(kb_env, "audit", "--page", PAGE, "--json")
    assert ran.code == 1, ran.err
    found = ran.json
    assert found["page"] == PAGE
    rumination, neuromodulation, sleep = found["references"]
    # Behavior and Behaviour are one journal.
    assert (rumination["verdict"], rumination["offTopic"], rumination["differences"]) == ("VERIFIED", True, [])
    assert (neuromodulation["verdict"], neuromodulation["citation"]) == ("NOT_FOUND", None)
    assert (sleep["verdict"], sleep["offTopic"]) == ("MISMATCH", False)
    (difference,) = sleep["differences"]
    assert difference["field"] == "title"
    assert "pain management field" in difference["printed"]
    assert "clinical trials literature" in difference["found"]
    assert not any(one["retracted"] for one in found["references"])

    by_therapy = {id_: one for one in found["statements"] for id_ in one["therapies"]}
    for therapy in ("scs-10khz", "prp", "stem-cells", "tens", "virtual-reality"):
        statement = by_therapy[therapy]
        assert any(one["therapy"] == therapy for one in statement["evidence"]), therapy
        assert statement["strongerThanEvidence"], therapy
        assert not statement["harmsMentioned"], therapy
    # What it says of the evidence is what the answers say.
    (shown,) = (one for one in by_therapy["tens"]["evidence"] if one["condition"] == "acute-pain")
    (asked,) = kb(kb_env, "ask", "acute pain", "--therapy", "TENS", "--json").json["answers"]
    assert (shown["direction"], shown["certainty"]) == (asked["direction"], asked["certainty"])


def test_a_page_that_is_none_is_told_with_those_there_are(kb_env: Environment) -> None:
    assert kb(kb_env, "audit", "--page", "x").code == 1
    both = kb(kb_env, "audit", "x.html", "--page", "x")
    assert both.code == 2
    assert "Say which page" in both.err
    missing = kb(kb_env, "audit", "no-such-page.html")
    assert missing.code == 2
    assert "cannot be read" in missing.err
