"""An audit as SARIF: the structure of the standard (OASIS SARIF 2.1.0), and the lines of a file."""

from typing import Any
from urllib.parse import urlsplit

import pytest

from kb.audit import RULES, Audit, AuditedReference, AuditedStatement, Problem, Rule
from kb.audit.sarif import sarif
from kb.audit.wording import Wording
from loaders.page import read_page
from schema.terms import VerificationState

#: The properties that the standard has for each object that is written (sections 3.13 to 3.52), those required first.
PROPERTIES = {
    "sarifLog": (("version", "runs"), ("$schema",)),
    "run": (("tool",), ("results", "columnKind", "properties")),
    "tool": (("driver",), ()),
    "driver": (("name",), ("rules",)),
    "rule": (("id",), ("name", "shortDescription", "help", "defaultConfiguration")),
    "result": (("message",), ("ruleId", "ruleIndex", "level", "locations", "partialFingerprints")),
    "location": ((), ("physicalLocation", "logicalLocations")),
    "physicalLocation": (("artifactLocation",), ("region",)),
}

PAGE = b"""<html><body>
<p>
  PRP cures
  knees. TENS relieves pain.
</p>
<h2>References</h2>
<ol>
  <li>
    Ghost G. A ghost of a trial.
    J Ghosts. 2011;1:1.
  </li>
</ol></body></html>
"""


def audited(name: str, *, message: str = "It is too strong.", page_id: str | None = None) -> Audit:
    """Every sentence and reference of the page, with a problem of each rule."""
    page = read_page(PAGE, name)
    problems = tuple(Problem(rule, message) for rule in Rule)
    return Audit(
        id=page_id,
        name=name,
        title="Knees",
        release=3,
        references=tuple(
            AuditedReference(
                position,
                printed,
                VerificationState.NOT_FOUND,
                None,
                False,
                (),
                (),
                False,
                False,
                None,
                (),
                {},
                problems,
            )
            for position, printed in enumerate(page.references, 1)
        ),
        statements=tuple(
            AuditedStatement(one.text, one.line, (), (), Wording.CERTAIN, (), True, False, (), problems)
            for one in page.passages
        ),
        names={},
        problems=problems,
        studies={},
        citations={},
    )


def has(kind: str, found: dict[str, Any]) -> None:
    required, allowed = PROPERTIES[kind]
    assert set(required) <= set(found) <= {*required, *allowed}, kind


def results(audit: Audit) -> list[dict[str, Any]]:
    return sarif(audit)["runs"][0]["results"]


@pytest.mark.parametrize("name", ["pages/my help.html", "/srv/pages/help.html", "https://a.example/help?page=1#top"])
def test_the_structure_is_that_of_the_standard(name: str) -> None:
    log = sarif(audited(name))
    has("sarifLog", log)
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    has("run", run)
    has("tool", run["tool"])
    has("driver", run["tool"]["driver"])
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [rule.value for rule in Rule]
    for rule in rules:
        has("rule", rule)
        assert rule["shortDescription"]["text"].endswith(".")
        assert rule["help"]["text"].endswith(".")
        assert rule["name"].isalnum()
        assert rule["defaultConfiguration"]["level"] == RULES[Rule(rule["id"])].level.value
    assert len(run["results"]) == 4 * len(Rule)
    for result in run["results"]:
        has("result", result)
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("none", "note", "warning", "error")
        assert result["message"]["text"]
        (location,) = result["locations"]
        has("location", location)
        has("physicalLocation", location["physicalLocation"])
        uri = location["physicalLocation"]["artifactLocation"]["uri"]
        assert " " not in uri
        assert urlsplit(uri).path.endswith(("help.html", "help"))
        assert location["physicalLocation"]["region"]["startLine"] >= 1
    prints = [result["partialFingerprints"]["problem/v1"] for result in run["results"]]
    assert len(set(prints)) == len(prints)


def test_a_result_stands_at_its_own_line() -> None:
    lines = {
        result["message"]["text"].partition("“")[2]: result["locations"][0]["physicalLocation"]["region"]["startLine"]
        for result in results(audited("help.html"))
    }
    assert lines == {
        "Knees”": 1,
        "PRP cures knees.”": 3,
        "TENS relieves pain.”": 4,
        "Ghost G. A ghost of a trial. J Ghosts. 2011;1:1.”": 9,
    }


def test_a_problem_is_the_same_whatever_day_it_is_told() -> None:
    before, after = (
        [one["partialFingerprints"] for one in results(audited("help.html", message=message))]
        for message in ("asked on 2026-11-29", "asked on 2026-11-30")
    )
    assert before == after


def test_a_page_of_the_knowledge_base_has_no_file() -> None:
    for result in results(audited("knees", page_id="knees")):
        assert result["locations"] == [{"logicalLocations": [{"name": "Knees"}]}]
