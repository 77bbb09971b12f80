"""SARIF 2.1.0: the problems of an audit for code hosts and editors (OASIS, docs.oasis-open.org/sarif/sarif/v2.1.0)."""

from collections import Counter
from collections.abc import Iterator, Sequence
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
                "results": list(_results(audit, rules)),
                "properties": {"release": audit.release},
            }
        ],
    }


def _results(audit: Audit, rules: Sequence[Rule]) -> Iterator[dict[str, Any]]:
    told: Counter[str] = Counter()
    for problem, about, line in _problems(audit):
        # Neither the line nor the message is part of it: what is moved on the page, or checked on another day, stays
        # the same problem.
        same = f"{problem.rule}|{about}"
        told[same] += 1
        print_ = sha256(f"{same}|{told[same]}".encode(errors="replace")).hexdigest()[:32]
        yield {
            "ruleId": problem.rule.value,
            "ruleIndex": rules.index(problem.rule),
            "level": problem.level.value,
            "message": {"text": f"{problem.message} – “{about}”"},
            "locations": [_location(audit, line)],
            "partialFingerprints": {"problem/v1": print_},
        }


def _problems(audit: Audit) -> Iterator[tuple[Problem, str, int | None]]:
    for problem in audit.problems:
        yield problem, audit.title or audit.name, 1
    for one in audit.references:
        for problem in one.problems:
            yield problem, one.printed.printed, one.printed.line
    for one in audit.statements:
        for problem in one.problems:
            yield problem, one.text, one.line


def _location(audit: Audit, line: int | None) -> dict[str, Any]:
    found: dict[str, Any] = {"logicalLocations": [{"name": audit.title or audit.name}]}
    if audit.id is None:
        region = {} if line is None else {"region": {"startLine": line}}
        found["physicalLocation"] = {"artifactLocation": {"uri": _uri(audit)}, **region}
    return found


def _uri(audit: Audit) -> str:
    """The address, or the path as a URI reference; what no URI may hold is escaped."""
    if audit.name.startswith(("http://", "https://")):
        return quote(audit.name, safe="%/:=&?~#+!$,;'@()*[]")
    path = Path(audit.name)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())
