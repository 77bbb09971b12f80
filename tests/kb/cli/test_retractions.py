"""``kb retractions``: what is marked, what it would change, and that a published release keeps what it said."""

import os
import pty
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from kb.questions import Questions
from kb.releases import publish
from kb.store import Store
from schema.page import Page, Reference
from schema.terms import RetractionState
from tests.conftest import clean_environment
from tests.kb.cli.command import FIXTURES, command, kb
from tests.kb.cli.upstream import Replies, upstream
from tests.samples import SAMPLE, citation, finding, load, trial

Environment = dict[str, str]
TABLE = FIXTURES.parent / "retraction" / "watch.csv"
PAGES = (
    Page(id="knees", title="What helps knees"),
    Reference(id="knees-1", page="knees", position=1, printed="Author1, 2011", citation="pmid:900001"),
)


async def published(store: Store) -> None:
    await load(store, [*SAMPLE, *PAGES])
    await publish(store, who="tester")


async def state(store: Store, pmid: str, release: int | None = None) -> RetractionState:
    return (await Questions(store).citation(pmid=pmid, as_of=release)).retraction.state


async def test_what_would_change_is_told_before_and_is_what_publishing_changes(
    store: Store, kb_env: Environment
) -> None:
    await published(store)
    shown = kb(kb_env, "retractions", "--source", TABLE, "--preview", "--json")
    # Rows of the table that cannot be read are told, and fail the run.
    assert shown.code == 1
    marked = {one["key"]: one for one in shown.json["marked"]}
    assert {key: one["state"] for key, one in marked.items()} == {
        "pmid:900001": "RETRACTED", "pmid:900002": "EXPRESSION_OF_CONCERN", "pmid:900003": "CORRECTED",
    }  # fmt: skip
    first = marked["pmid:900001"]
    assert (first["pmid"], first["doi"], first["notice"]["pmid"]) == ("900001", "10.5555/invented.1", "990001")
    changed = {(one["therapy"], one["condition"]): one for one in shown.json["changed"]}
    answer = changed["prp", "knee-osteoarthritis"]
    assert set(answer["before"]) == set(answer["after"]) == {"direction", "certainty", "sentence"}
    assert [one["id"] for one in shown.json["pages"]] == ["knees"]
    assert len(shown.json["problems"]) == 5
    assert shown.json["written"] == 0

    written = kb(kb_env, "retractions", "--source", TABLE, "--json")
    assert (written.json["changed"], written.json["written"]) == (shown.json["changed"], 3)
    # Nothing is published yet, and asking again says the same.
    assert await state(store, "900001") is RetractionState.NONE_FOUND
    again = kb(kb_env, "retractions", "--source", TABLE, "--json")
    assert (again.json["changed"], again.json["written"]) == (shown.json["changed"], 0)

    assert kb(kb_env, "publish", "--json").json["release"] == 2
    assert await state(store, "900001") is RetractionState.RETRACTED
    assert await state(store, "900001", 1) is RetractionState.NONE_FOUND
    asked = ("ask", "knee osteoarthritis")
    assert answer["before"]["sentence"] in kb(kb_env, *asked, "--as-of", "1", "--json").out
    assert answer["after"]["sentence"] in kb(kb_env, *asked, "--json").out
    nothing = kb(kb_env, "retractions", "--source", TABLE, "--json")
    assert (nothing.json["marked"], nothing.json["changed"]) == ([], [])


async def test_pubmed_is_asked_for_what_became_of_the_graph_s_citations(store: Store, kb_env: Environment) -> None:
    await published(store)
    record = (
        "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>{}</PMID><Article>"
        "<ArticleTitle>Invented trial number {}</ArticleTitle></Article><CommentsCorrectionsList>"
        '<CommentsCorrections RefType="RetractionIn"><RefSource>J Inv Trials. 2019 Apr 2;3(1):9</RefSource>'
        "<PMID>990001</PMID></CommentsCorrections></CommentsCorrectionsList></MedlineCitation></PubmedArticle>"
        "</PubmedArticleSet>"
    ).format("900001", 1)
    with upstream({"efetch": (200, record.encode())}) as settings:
        ran = kb({**kb_env, **settings}, "retractions", "--online", "--json")
    assert ran.code == 0, ran.err
    (mark,) = ran.json["marked"]
    assert (mark["key"], mark["state"], mark["notice"]["pmid"]) == ("pmid:900001", "RETRACTED", "990001")
    assert mark["notice"]["date"] == "2019-04-02"
    assert [one["where"] for one in ran.json["problems"]] == ["PubMed 900002", "PubMed 900003"]


def retracted(*pmids: str) -> bytes:
    """An answer of EFetch: retracted articles."""
    records = "".join(
        f"<PubmedArticle><MedlineCitation><PMID>{pmid}</PMID><Article><ArticleTitle>Invented trial</ArticleTitle>"
        '</Article><CommentsCorrectionsList><CommentsCorrections RefType="RetractionIn"><RefSource>J Inv Trials. 2019'
        "</RefSource><PMID>990001</PMID></CommentsCorrections></CommentsCorrectionsList></MedlineCitation>"
        "</PubmedArticle>"
        for pmid in pmids
    )
    return f"<PubmedArticleSet>{records}</PubmedArticleSet>".encode()


async def test_what_pubmed_does_not_answer_is_pending_and_the_rest_is_marked(store: Store, kb_env: Environment) -> None:
    # PubMed is asked for 200 at a time.
    await load(store, [*SAMPLE, *(citation(number, year=2019) for number in range(4, 202))])
    await publish(store, who="tester")
    half: Replies = {"900201": (403, b""), "efetch": (200, retracted("900001"))}
    with upstream(half) as settings:
        environment = {**kb_env, **settings}
        ran = kb(environment, "retractions", "--online", "--json")
        printed = kb(environment, "retractions", "--online")
    assert ran.code == printed.code == 3
    assert [one["key"] for one in ran.json["marked"]] == ["pmid:900001"]
    assert ran.json["written"] == 1
    (pending,) = ran.json["pending"]
    assert (pending["pmid"], pending["source"]) == ("900201", "PUBMED")
    assert "HTTP 403" in pending["reason"]
    assert "PubMed 900201: pending" in printed.err
    assert "HTTP 403" in printed.err
    assert "PubMed 900200: pending" not in printed.err
    with upstream({"900201": (200, retracted("900201")), "efetch": (200, retracted("900001"))}) as settings:
        again = kb({**kb_env, **settings}, "retractions", "--online", "--json")
    assert (again.code, again.json["pending"], again.json["written"]) == (0, [], 1)
    assert [one["key"] for one in again.json["marked"]] == ["pmid:900001", "pmid:900201"]


async def test_without_a_network_everything_is_pending(store: Store, kb_env: Environment) -> None:
    await published(store)
    ran = kb({**kb_env, "KB_OFFLINE": "true"}, "retractions", "--online")
    assert ran.code == 3
    assert "No citation that could be asked about" in ran.out
    assert "3 pending" in ran.err
    assert "KB_OFFLINE" in ran.err


async def test_without_a_source_the_graph_s_links_are_read(store: Store, kb_env: Environment) -> None:
    await published(store)
    ran = kb(kb_env, "retractions")
    assert (ran.code, "No citation" in ran.out) == (0, True)


async def test_marks_are_published_at_once_and_the_other_drafts_wait(store: Store, kb_env: Environment) -> None:
    await published(store)
    edit = finding(1, "prp", "knee-osteoarthritis", estimate=7.0)
    await load(store, [edit, citation(1, title="Another title"), *trial(4, "prp", "knee-osteoarthritis")], name="edit")
    waiting = kb(kb_env, "status", "--json").json["drafts"]
    both = kb(kb_env, "retractions", "--preview", "--publish")
    assert (both.code, "--publish" in both.err) == (2, True)
    ran = kb(kb_env, "retractions", "--source", TABLE, "--publish", "--yes", "--json")
    # The fourth one is marked and stays a draft: nothing of it is published.
    assert (ran.code, ran.json["written"]) == (1, 4)
    told = ran.json["published"]
    assert told["release"] == 2
    assert {one["key"]: (one["before"], one["state"]) for one in told["retractions"]} == {
        "pmid:900001": ("NONE_FOUND", "RETRACTED"),
        "pmid:900002": ("NONE_FOUND", "EXPRESSION_OF_CONCERN"),
        "pmid:900003": ("NONE_FOUND", "CORRECTED"),
    }
    # What was told before is what the release changed.
    changes = kb(kb_env, "diff", "1", "2", "--json").json["changes"]
    said = {(one["therapy"], one["condition"]): (one["before"], one["after"]) for one in changes}
    for one in ran.json["changed"]:
        then, now = said[one["therapy"], one["condition"]]
        assert (then["sentence"], now["sentence"]) == (one["before"]["sentence"], one["after"]["sentence"])
    assert len(changes) == told["summariesChanged"] > 0
    (newest, _) = kb(kb_env, "releases", "--json").json["releases"]
    assert "retracted: pmid:900001" in newest["message"]
    assert kb(kb_env, "status", "--json").json["drafts"] == waiting
    assert (await Questions(store).citation(pmid="900001")).title == "Invented trial number 1"
    nothing = kb(kb_env, "publish", "--only-retractions", "--json")
    assert (nothing.json["release"], nothing.json["retractions"]) == (None, [])
    assert kb(kb_env, "publish", "--json").json["release"] == 3
    assert kb(kb_env, "status", "--json").json["drafts"] == 0


async def test_marks_that_were_written_before_are_published_alone(store: Store, kb_env: Environment) -> None:
    await published(store)
    assert kb(kb_env, "retractions", "--source", TABLE).code == 1
    ran = kb(kb_env, "publish", "--only-retractions", "-m", "Found today.")
    assert ran.code == 0, ran.err
    assert "Release 2: 3 marks and nothing else that waits" in ran.out
    assert "pmid:900001: none found → retracted" in ran.out
    assert "nothing else" not in kb(kb_env, "publish", "--only-retractions").out


def answered(environment: Environment, *answers: str) -> tuple[bytes, int]:
    """What it prints on a terminal before it asks, and how it ends when each question is answered."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command("retractions", "--source", TABLE),
        env=environment, stdin=theirs, stdout=theirs, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(theirs)
    printed = b""
    for count, answer in enumerate(answers, 1):
        while printed.count(b"[y/N]") < count:
            printed += os.read(ours, 4096)
        os.write(ours, f"{answer}\n".encode())
    # A terminal that nobody holds any more is read to its end with an error.
    with suppress(OSError):
        while os.read(ours, 4096):
            pass
    os.close(ours)
    return printed, process.wait(timeout=120)


@pytest.mark.parametrize(
    ("answers", "releases", "expected"),
    [("n", 1, "NONE_FOUND"), ("yn", 1, "RETRACTED"), ("yy", 2, "RETRACTED")],
)
async def test_on_a_terminal_it_shows_what_would_change_and_asks(
    store: Store, kb_env: Environment, answers: str, releases: int, expected: str
) -> None:
    await published(store)
    printed, code = answered(kb_env, *answers)
    assert b"it would change" in printed
    assert b"Write this?" in printed
    # The rows that cannot be read.
    assert code == 1
    assert await Questions(store).number() == releases
    await publish(store, who="tester")
    assert await state(store, "900001") == expected


def test_loading_the_table_says_how_it_is_used(kb_env: Environment) -> None:
    ran = kb(kb_env, "load", TABLE, "--json")
    assert (ran.code, ran.json["files"][0]["new"]) == (1, 0)
    assert "kb retractions --source" in ran.json["files"][0]["problems"][0]["message"]


@pytest.mark.parametrize("arguments", [["--source", "nowhere.csv"], ["--source", "a.csv", "--online"]])
def test_wrong_usage_is_told(tmp_path: Path, arguments: list[str]) -> None:
    assert kb({**clean_environment(), "KB_HOME": str(tmp_path)}, "retractions", *arguments).code == 2
