"""SARIF 2.1.0: the problems of an audit for code hosts and editors (OASIS, docs.oasis-open.org/sarif/sarif/v2.1.0)."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

from kb.audit.audit import RULES, Audit, Problem, Rule

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"


def sarif(audit: Audit) -> dict[str, Any]:
    """Return the audit as one SARIF run; results have lines where the page is a file."""
    rules = list(Rule)
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "Treatise",
                        "rules": [
                            {
                                "id": rule.value,
                                "name": "".join(word.capitalize() for word in rule.value.split("-")),
                                "shortDescription": {"text": RULES[rule].meaning},
                                "help": {"text": RULES[rule].remedy},
                                "defaultConfiguration": {"level": RULES[rule].level.value},
                            }
                            for rule in rules
                        ],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [
                    _result(audit, rules.index(problem.rule), problem, about, line)
                    for problem, about, line in _problems(audit)
                ],
                "properties": {"release": audit.release},
            }
        ],
    }


def _problems(audit: Audit) -> Iterator[tuple[Problem, str, int | None]]:
    for one in audit.references:
        for problem in one.problems:
            yield problem, one.printed.printed, one.printed.line
    for one in audit.statements:
        for problem in one.problems:
            yield problem, one.text, one.line


def _result(audit: Audit, index: int, problem: Problem, about: str, line: int | None) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(audit)}}
    if line is not None:
        physical["region"] = {"startLine": line}
    location: dict[str, Any] = {"logicalLocations": [{"name": audit.title or audit.name}]}
    if audit.id is None:
        location["physicalLocation"] = physical
    # The line is no part of it: what is moved on the page stays the same problem.
    print_ = sha256(f"{problem.rule}|{about}|{problem.message}".encode(errors="replace")).hexdigest()[:32]
    return {
        "ruleId": problem.rule.value,
        "ruleIndex": index,
        "level": problem.level.value,
        "message": {"text": f"{problem.message} – “{about}”"},
        "locations": [location],
        "partialFingerprints": {"problem/v1": print_},
    }


def _uri(audit: Audit) -> str:
    """The address as it is, a path as a URI reference."""
    if audit.name.startswith(("http://", "https://")):
        return audit.name
    path = Path(audit.name)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())
