"""``kb audit`` over the page of the seeds, and over pages in files."""

from pathlib import Path
from urllib.parse import quote

from tests.kb.cli.command import FIXTURES, kb
from tests.kb.cli.test_verify import NOTHING, crossref, work
from tests.kb.cli.upstream import Replies, upstream
from tests.samples import citation

Environment = dict[str, str]
SEEDS = Path(__file__).parents[3] / "seeds"
PAGE = "recent-advances-in-pain-management"


def test_the_page_of_the_seeds_beside_the_evidence(kb_env: Environment) -> None:
    assert kb(kb_env, "load", SEEDS, "--yes", seconds=500).code == 0
    assert kb(kb_env, "publish", seconds=500).code == 0
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


def test_a_page_at_an_address_and_in_a_file(kb_env: Environment, tmp_path: Path) -> None:
    kb(kb_env, "load", FIXTURES, "--yes")
    kb(kb_env, "publish")
    content = b"<html><body><h1>Knees</h1><p>PRP cures knee osteoarthritis.</p></body></html>"
    with upstream({"/knees": (200, content)}) as settings:
        here = settings["KB_CROSSREF_URL"].removesuffix("/crossref")
        ran = kb(kb_env, "audit", f"{here}/knees", "--json")
        assert ran.code == 1, ran.err
        assert ran.json["page"] == f"{here}/knees"
        (claim,) = ran.json["statements"]
        assert (claim["therapies"], claim["wording"], claim["line"]) == (["prp"], "ABSOLUTE", 1)
        gone = kb(kb_env, "audit", f"{here}/gone")
        assert gone.code == 1
        assert "does not know /gone" in gone.err
        offline = kb({**kb_env, "KB_OFFLINE": "1"}, "audit", f"{here}/knees")
        assert offline.code == 3
        assert "KB_OFFLINE" in offline.err

    page, report = tmp_path / "knees.html", tmp_path / "report.html"
    page.write_bytes(content)
    printed = kb(kb_env, "audit", page)
    assert printed.code == 1
    assert "1 of 1 claims are stronger than the evidence" in printed.out
    results = kb(kb_env, "audit", page, "--format", "sarif").json["runs"][0]["results"]
    assert results[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == page.as_uri()
    assert kb(kb_env, "audit", page, "--format", "html", "--output", report).code == 1
    sent = report.read_text(encoding="utf-8")
    assert sent.startswith("<!doctype html>")
    assert "0 references and 1 claim, set beside" in sent
    assert "<strong>1 of them needs work</strong>; 1 claim is put more strongly" in sent
    page.write_text("We are open on Mondays.", encoding="utf-8")
    assert kb(kb_env, "audit", page).code == 0
    page.write_bytes(b"")
    assert "no text was found" in kb(kb_env, "audit", page).err


def test_the_sources_are_asked_about_references_that_are_not_held(kb_env: Environment, tmp_path: Path) -> None:
    kb(kb_env, "load", FIXTURES, "--yes")
    kb(kb_env, "publish")
    gone = citation(4, title="A randomised trial that nobody loaded")
    notice = {"type": "retraction", "DOI": "10.5555/notice", "updated": {"date-parts": [[2018, 5, 1]]}}
    page = tmp_path / "knees.md"
    page.write_text(
        f"""# Knees

We are open on Mondays.

## References

1. Author4 A. {gone.title}. Journal of Invented Trials. {gone.year}. doi:{gone.doi}
2. Ghost G. Never written at all by anybody. Journal of Ghosts. 2019;1:1.
""",
        encoding="utf-8",
    )
    found = {
        f"/crossref/works/{quote(gone.doi or '', safe='')}": (200, crossref(work(gone, **{"updated-by": [notice]})))
    }
    replies: Replies = {**NOTHING, **found}
    with upstream(replies) as addresses:
        ran = kb({**kb_env, **addresses}, "audit", page, "--json")
    assert ran.code == 1, ran.err
    retracted, ghost = ran.json["references"]
    assert (retracted["verdict"], retracted["retracted"], retracted["held"]) == ("VERIFIED", True, False)
    assert retracted["citation"] == f"doi:{gone.doi}"
    assert "10.5555/notice" in retracted["problems"][0]["message"]
    assert (ghost["verdict"], ghost["citation"]) == ("NOT_FOUND", None)
    assert {one["source"] for one in ghost["checks"]} == {"CROSSREF", "EUROPE_PMC"}

    with upstream({"": (403, b"")}) as addresses:
        down = kb({**kb_env, **addresses}, "audit", page, "--json")
    assert down.code == 3
    assert "HTTP 403" in down.err
    assert {one["verdict"] for one in down.json["references"]} == {"PENDING"}
    assert all(one["notAsked"] for one in down.json["references"])
    for silent in (kb(kb_env, "audit", page, "--offline"), kb({**kb_env, "KB_OFFLINE": "1"}, "audit", page)):
        assert silent.code == 0, silent.err
        assert "0 of 2 references need work; 2 could not be checked" in silent.out
