"""Whole pages beside a small knowledge base, on both engines."""

from importlib import import_module
from typing import Any

import pytest

from kb.audit import Audit, Level, Rule, audit_page, audit_text
from kb.audit.report import report_html, tasks
from kb.audit.sarif import sarif
from kb.errors import NotFound, Unfinished
from kb.releases import publish
from kb.store import Store
from loaders.page import read_page, read_reference
from schema.citation import Retraction
from schema.effect import Arm
from schema.page import Page, Reference, Statement
from schema.record import Record
from schema.study import Harm
from schema.terms import RetractionState, Strength, VerificationState
from tests.samples import SAMPLE, citation, load, study, trial, with_changed

PAGE: tuple[Record, ...] = (
    Page(id="knees", title="What helps knees"),
    Statement(
        id="s1", page="knees", position=1, claim="PRP heals knees", strength=Strength.ASSERTS, therapies=("prp",),
        conditions=("knee-osteoarthritis",),
    ),
    Reference(id="r1", page="knees", position=1, printed="Author1 A. Invented trial number 1. 2011.",
              citation="pmid:900001"),
    Reference(id="r2", page="knees", position=2, printed="Ghost G. A ghost of a trial. J Ghosts. 2011;1:1.",
              verification=VerificationState.NOT_FOUND, verdict="not found in three indexes"),
)  # fmt: skip

FILE = b"""# Help for <knees>

PRP cures knee arthritis [1, 2]. TENS may help hip osteoarthritis [3].

## References

1. Author1 A, Other B. Invented trial number 1. Journal of Invented Trials. 2012;1:1-2.
2. Ghost G. A ghost of a trial. J Ghosts. 2011;1:1.
3. Author4 A. Invented trial number 4. J Inv Trials. 2014.
4. Unknown U. Never seen at all. J Ghosts. 2001;2:2. <script>alert(1)</script>
"""


SPANISH = """# Ayuda para la rodilla

El plasma rico en plaquetas cura la artrosis de rodilla [1]. Es un tratamiento eficaz y completamente seguro, y casi
todas las personas que lo reciben dejan de tener dolor. La estimulación con TENS alivia el dolor de cadera en pocos días
y no tiene efectos no deseados.

## Referencias

1. Author1 A, Other B. Invented trial number 1. Journal of Invented Trials. 2012;1:1-2.
""".encode()


async def held(store: Store) -> None:
    retracted = citation(4, retraction=Retraction(state=RetractionState.RETRACTED))
    harms = (Harm(event="sore knee", citation="pmid:900002"),)
    records = with_changed(
        [*SAMPLE, *trial(4, "tens", "hip-osteoarthritis"), *PAGE],
        retracted,
        study(2, "prp", "knee-osteoarthritis", harms=harms),
    )
    await load(store, records)
    await publish(store, who="tester")


async def file_audit(store: Store, data: bytes = FILE) -> Audit:
    return await audit_text(store, read_page(data, "pages/help.md"))


def rules(one: object) -> set[Rule]:
    return {problem.rule for problem in one.problems}  # pyright: ignore[reportAttributeAccessIssue]


async def test_a_page_in_another_language_is_not_called_fine(store: Store) -> None:
    await held(store)
    found = await file_audit(store, SPANISH)
    assert (rules(found), found.needs_work, found.statements) == ({Rule.LANGUAGE_NOT_SUPPORTED}, True, ())
    (reference,) = found.references
    assert (reference.verdict, reference.off_topic) == (VerificationState.MISMATCH, False)
    report = report_html(found)
    assert "The page is not in English" in report
    assert "Nothing needs fixing" not in report
    assert "language-not-supported" in {one["ruleId"] for one in sarif(found)["runs"][0]["results"]}
    assert rules(await file_audit(store)) == set()


async def test_a_page_of_the_knowledge_base(store: Store) -> None:
    with pytest.raises(Unfinished):
        await audit_page(store, "knees", read_reference)
    await held(store)
    found = await audit_page(store, "knees", read_reference)
    first, ghost = found.references
    assert (first.verdict, first.off_topic, first.problems) == (VerificationState.VERIFIED, False, ())
    assert ghost.verdict is VerificationState.NOT_FOUND
    assert "three indexes" in ghost.problems[0].message
    (claim,) = found.statements
    assert rules(claim) == {Rule.STRONGER_THAN_EVIDENCE, Rule.HARMS_NOT_MENTIONED}
    assert [one.position for one in claim.references if one.on_topic] == [1]
    with pytest.raises(NotFound, match="No page"):
        await audit_page(store, "hips", read_reference)


async def test_a_page_in_a_file(store: Store) -> None:
    await held(store)
    found = await file_audit(store)
    wrong_year, ghost, retracted, unknown = found.references
    assert [(one.field, one.printed, one.found) for one in wrong_year.differences] == [("year", "2012", "2011")]
    assert (ghost.verdict, ghost.note) == (VerificationState.NOT_FOUND, "not found in three indexes")
    assert (retracted.retracted, rules(retracted)) == (True, {Rule.REFERENCE_RETRACTED})
    # Nobody was asked about it: that is told, and accuses of nothing.
    assert unknown.verdict is VerificationState.PENDING
    assert [one.level for one in unknown.problems] == [Level.NOTE]

    cures, may = found.statements
    assert (cures.therapies, cures.conditions, cures.line) == (("prp",), ("knee-osteoarthritis",), 3)
    assert [one.therapy for one in cures.evidence] == ["prp"]
    assert cures.stronger_than_evidence
    assert [one.position for one in cures.references if one.cited] == [1, 2]
    assert Rule.CITES_UNUSABLE_REFERENCE in rules(may)
    assert any("it was retracted" in one.message for one in may.problems)


async def test_a_page_that_claims_no_more_than_is_known_needs_no_work(store: Store) -> None:
    await held(store)
    found = await file_audit(store, b"It is uncertain whether PRP helps knee arthritis; a sore knee is a known risk.\n")
    (claim,) = found.statements
    assert (claim.harms_mentioned, claim.problems) == (True, ())
    assert not found.needs_work


async def test_a_page_that_says_the_same_a_hundred_times_asks_the_graph_no_more_often(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await load(store, [*SAMPLE, *PAGE])
    await publish(store, who="ada")
    read, asked = store.read, list[str]()

    async def counted(query: str, *given: Any, **values: Any) -> list[dict[str, Any]]:
        asked.append(query)
        return await read(query, *given, **values)

    monkeypatch.setattr(store, "read", counted)
    reads: list[int] = []
    for times in (1, 100):
        asked.clear()
        text = (
            b"# Knees\n\nThe patients in this text have it.\n\n"
            + b"PRP heals the knees of people with knee arthritis.\n\n" * times
        )
        assert len((await audit_text(store, read_page(text, "page.md"))).statements) == times
        reads.append(len(asked))
    assert reads[1] <= reads[0]


async def test_a_work_about_something_else_is_off_topic(store: Store) -> None:
    await held(store)
    page = b"PRP may help knee arthritis [1].\n\nReferences\n\n1. Author3 A. Invented trial number 3. 2013.\n"
    found = await file_audit(store, page)
    assert found.references[0].off_topic
    assert rules(found.references[0]) == {Rule.REFERENCE_OFF_TOPIC}


async def test_every_problem_stands_in_sarif_with_its_line(store: Store) -> None:
    await held(store)
    found = await file_audit(store)
    document = sarif(found)
    (run,) = document["runs"]
    ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    problems = sum(len(one.problems) for one in (*found.references, *found.statements))
    assert len(run["results"]) == problems > 5
    for result in run["results"]:
        assert ids[result["ruleIndex"]] == result["ruleId"]
        physical = result["locations"][0]["physicalLocation"]
        assert physical["artifactLocation"]["uri"] == "pages/help.md"
        assert physical["region"]["startLine"] in (3, 7, 8, 9, 10)


async def test_the_report_shows_the_page_as_text(store: Store) -> None:
    await held(store)
    report = report_html(await file_audit(store))
    assert "<script" not in report
    assert "&lt;script&gt;alert(1)" in report
    assert "http" not in report.replace("https://doi.org/", "")
    etree: Any = import_module("lxml.etree")
    root = etree.fromstring(report.encode(), etree.HTMLParser(recover=False))
    assert root.get("lang") == "en"
    assert root.xpath("count(//h1)") == 1
    labels = root.xpath("//@aria-labelledby")
    assert labels
    assert set(labels) <= set(root.xpath("//@id"))
    led = {one.removeprefix("#") for one in root.xpath("//a/@href") if one.startswith("#")}
    assert {"reference-3", "claim-1", "answer-prp-knee-osteoarthritis"} <= led <= set(root.xpath("//@id"))
    answer = "".join(root.xpath("//*[@id='answer-prp-knee-osteoarthritis']//text()"))
    assert "300 people in 2 studies" in answer
    assert "Author1 2011" in answer


async def test_what_may_harm_a_reader_is_to_be_fixed_first(store: Store) -> None:
    await held(store)
    found = tasks(await file_audit(store))
    assert [one.anchor for one in found] == ["reference-3", "claim-1", "reference-2", "reference-1", "claim-2"]
    assert found[0].problem.rule is Rule.REFERENCE_RETRACTED


async def test_claims_in_rows_and_lists_are_about_what_leads_to_them(store: Store) -> None:
    await held(store)
    page = b"# Help\n\n| What | Does |\n|---|---|\n| PRP | cures knee osteoarthritis |\n| TENS | costs little |\n\n"
    audit = await file_audit(store, page + b"TENS:\n\n- relieves hip osteoarthritis\n")
    told = [(one.therapies, one.conditions, one.stronger_than_evidence) for one in audit.statements]
    assert told == [(("prp",), ("knee-osteoarthritis",), True), (("tens",), ("hip-osteoarthritis",), True)]


@pytest.mark.parametrize(
    "text",
    [
        "PRP cures knee osteoarthritis.²",
        "PRP cures knee osteoarthritis²,³.",
        "PRP cures knee osteoarthritis.^2^",
        "Other et al. (2014) say that PRP cures knee osteoarthritis.",
        "PRP cures knee osteoarthritis (2).",
        "PRP cures knee osteoarthritis in most people (65).(2)",
    ],
)
async def test_raised_figures_and_authors_before_a_year_cite(store: Store, text: str) -> None:
    await held(store)
    listed = "\n\n## References\n\n1. First A. One made trial. J A. 2011.\n2. Other A. Another trial. J A. 2014.\n"
    (claim,) = (await file_audit(store, f"# Help\n\n{text} 10² is a number.{listed}".encode())).statements
    assert [one.position for one in claim.references if one.cited] == [2]


async def not_mentioned(store: Store, harms: tuple[Harm, ...]) -> list[str]:
    """Publish a study of PRP with these harms, and return what is told of them to a page that mentions none."""
    changed = with_changed(SAMPLE, study(2, "prp", "knee-osteoarthritis", harms=harms))
    await load(store, changed, name=f"of {len(harms)} harms")
    await publish(store, who="tester")
    (claim,) = (await file_audit(store, b"# Help\n\nPRP may help knee osteoarthritis.\n")).statements
    return [one.message for one in claim.problems if one.rule is Rule.HARMS_NOT_MENTIONED]


async def test_harms_that_nobody_had_are_not_said_to_be_reported(store: Store) -> None:
    nobody = (
        Harm(event="burns", citation="pmid:900002", text="none reported"),
        Harm(event="falls", citation="pmid:900002", arms=(Arm(name="PRP", n=21, events=0),)),
    )
    some = Harm(event="sore knee", citation="pmid:900002", text="none lasting; 3 of 20 for a day")
    assert await not_mentioned(store, nobody) == []
    (told,) = await not_mentioned(store, (*nobody, some))
    assert "studies report some: sore knee (" in told


async def test_harms_that_only_others_had_are_not_said_to_be_the_therapys(store: Store) -> None:
    """Alda 2011, Kamal 2018: "3 in the drug arm, none for CBT"; 0 of 25 guided by ultrasound, 2 of 25 by landmarks."""
    others = (
        Harm(event="withdrawal", citation="pmid:900002", text="3 in the drug arm; none reported for therapy"),
        Harm(
            event="fainting",
            citation="pmid:900002",
            arms=(Arm(name="therapy", n=25, events=0), Arm(name="saline", n=25, events=2)),
        ),
    )
    own = Harm(event="sore knee", citation="pmid:900002", text="two with therapy, none with saline")
    assert await not_mentioned(store, others) == []
    (told,) = await not_mentioned(store, (*others, own))
    assert "studies report some: sore knee (" in told


async def test_a_page_that_denies_harms_is_told_what_was_seen(store: Store) -> None:
    await held(store)
    audit = await file_audit(store, b"# Help\n\nPRP is completely safe in knee osteoarthritis.\n")
    (claim,) = audit.statements
    (problem,) = [one for one in claim.problems if one.rule is Rule.HARMS_DENIED]
    assert problem.level is Level.ERROR
    assert "sore knee" in problem.message
    assert audit.needs_work
    assert tasks(audit)[0].problem is problem


async def test_a_study_without_a_result_is_named_beside_the_claim(store: Store) -> None:
    await load(store, [*SAMPLE, citation(9), study(9, "prp", "hip-osteoarthritis")])
    await publish(store, who="tester")
    (claim,) = (await file_audit(store, b"# Help\n\nPRP cures hip osteoarthritis.\n")).statements
    (problem,) = claim.problems
    name = study(9, "prp", "hip-osteoarthritis").name
    assert problem.message.startswith(
        f"No result on platelet-rich plasma for hip osteoarthritis is held; studies that name both: {name}."
    )
