"""``kb ask``: what is known about the therapies for a condition."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from kb.cli.context import Json, with_store
from kb.cli.tables import number, print_json, print_table, words
from schema.terms import RetractionState

if TYPE_CHECKING:
    from kb.questions.answers import Answer, Answers
    from schema.citation import Citation
    from schema.finding import Finding


def ask(
    condition: Annotated[str, typer.Argument(help="A condition by any name: osteoarthritis, OA, knee arthritis …")],
    therapy: Annotated[str | None, typer.Option("--therapy", "-t", help="One therapy by any name: PRP, TENS …")] = None,
    as_of: Annotated[int | None, typer.Option("--as-of", help="As of this release; else the newest.")] = None,
    as_json: Json = False,
) -> None:
    """Say which therapies have evidence for a condition, how sure we are, and which studies say so."""
    found = answers_for(condition, therapy, as_of)
    if as_json:
        print_json(answers_json(found))
    else:
        print_answers(found, detailed=therapy is not None)


def answers_for(condition: str, therapy: str | None, as_of: int | None) -> "Answers":
    """Ask the graph; raises NotFound with near names, or for a release that does not exist."""
    from kb.questions import Questions
    from kb.questions.answers import read_answers

    return with_store(lambda store: read_answers(Questions(store), condition, therapy, as_of))


def answers_json(found: "Answers") -> dict[str, Any]:
    """Return the answers as the JSON contract has them."""
    return {
        "condition": {
            "id": found.condition.id,
            "name": found.condition.name,
            "includes": [{"id": one.id, "name": one.name} for one in found.includes],
        },
        "release": found.release,
        "answers": [_answer_json(one) for one in found.answers],
        "withoutEvidence": [one.id for one in found.without_evidence],
    }


def _answer_json(one: "Answer") -> dict[str, Any]:
    summary = one.summary
    return {
        "therapy": {"id": one.therapy.id, "name": one.therapy.name},
        "direction": summary.direction,
        "certainty": summary.certainty,
        "certaintyBasis": summary.certainty_basis,
        "studies": summary.study_count,
        "participants": summary.participant_count,
        "sentence": summary.sentence,
        "harms": summary.harms_sentence,
        "indirect": summary.indirect,
        "findings": [_finding_json(finding) for finding in one.findings],
        "citations": [_citation_json(citation) for citation in one.citations],
    }


def _finding_json(finding: "Finding") -> dict[str, Any]:
    effect = finding.effect
    return {
        "id": finding.id,
        "study": finding.study,
        "outcome": finding.outcome_as_printed,
        "comparator": ", ".join(finding.comparators) or finding.comparator_class,
        "comparatorClass": finding.comparator_class,
        "timepoint": finding.timepoint,
        "effect": None
        if effect is None
        else {
            "measure": effect.measure,
            "estimate": effect.estimate,
            "ciLow": effect.ci_low,
            "ciHigh": effect.ci_high,
            "level": effect.level,
            "p": effect.p,
            "unit": effect.unit,
        },
        "favours": finding.favours,
        "direction": finding.direction,
        "citation": finding.citation,
        "locus": finding.locus,
    }


def _citation_json(citation: "Citation") -> dict[str, Any]:
    return {
        "key": citation.id,
        "pmid": citation.pmid,
        "doi": citation.doi,
        "title": citation.title,
        "year": citation.year,
        "retracted": citation.retracted,
        "verification": citation.verification,
    }


def print_answers(found: "Answers", *, detailed: bool) -> None:
    """Print the answers as a table; with ``detailed`` also the results and reports behind each."""
    includes = ", ".join(one.name for one in found.includes)
    typer.echo(f"{found.condition.name}: what is known, as of release {found.release}")
    typer.echo(f"Includes {includes}." if includes else "No narrower condition is included.")
    if not found.answers:
        typer.echo("No study of this is held: there is no evidence here, which is not evidence of no effect.")
        return
    rows = [
        [
            one.therapy.name,
            one.summary.sentence,
            words(one.summary.direction),
            words(one.summary.certainty),
            f"{one.summary.study_count}",
            number(one.summary.participant_count),
        ]
        for one in found.answers
    ]
    columns = ["therapy", "answer", "direction", "certainty", "studies", "people"]
    print_table("Therapies with evidence", columns, rows, numeric=["studies", "people"], wide="answer")
    if detailed:
        for one in found.answers:
            _print_detail(one)
    else:
        typer.echo(f"No study held: {len(found.without_evidence)} other therapies (--json lists them).")
        typer.echo("One therapy with its results and reports: add --therapy NAME.")
    typer.echo("Certainty is computed by written rules and not reviewed by a clinician, unless it says so.")


def _print_detail(one: "Answer") -> None:
    lines = [
        [
            words(line.domain) + (" (responders)" if line.responders else ""),
            words(line.comparator),
            words(line.window),
            words(line.direction),
            words(line.synthesis),
            words(line.certainty),
            f"{len(line.studies)}",
            number(line.participants),
        ]
        for line in one.summary.lines
    ]
    columns = ["outcome", "against", "time", "says", "by", "certainty", "studies", "people"]
    print_table(
        f"{one.therapy.name}: each outcome, comparison and time by itself",
        columns,
        lines,
        numeric=["studies", "people"],
    )
    if one.summary.lines:
        steps = one.summary.lines[0].steps
        for step in steps:
            typer.echo(f"  certainty {step.levels:+d} for {words(step.reason)}: {step.figure}")
    typer.echo(f"  {one.summary.harms_sentence}")
    findings = [
        [
            one.study_names.get(finding.study, finding.study),
            finding.outcome_as_printed,
            words(finding.comparator_class or "not stated"),
            finding.timepoint or "–",
            _effect(finding),
            words(finding.direction),
        ]
        for finding in one.findings
    ]
    print_table("Results", ["study", "outcome", "against", "time", "effect (interval)", "says"], findings)
    citations = [
        [
            citation.title or "–",
            str(citation.year or "–"),
            citation.pmid or "–",
            citation.doi or "–",
            _state(citation),
        ]
        for citation in one.citations
    ]
    print_table("Reports", ["title", "year", "PMID", "DOI", "state"], citations, wide="title", whole=["PMID", "DOI"])


def _state(citation: "Citation") -> str:
    state = citation.retraction.state
    return words(citation.verification if state is RetractionState.NONE_FOUND else state)


def _effect(finding: "Finding") -> str:
    effect = finding.effect
    if effect is None:
        return "–"
    measure = effect.measure or effect.measure_as_printed or ""
    interval = "" if effect.ci_low is None else f" ({number(effect.ci_low)} to {number(effect.ci_high)})"
    return f"{measure} {number(effect.estimate)}{interval} {effect.unit}".strip()
