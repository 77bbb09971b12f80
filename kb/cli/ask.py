"""``kb ask``: what is known about the therapies for a condition."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from kb.cli.context import Json, with_store
from kb.cli.replaced import tell_replaced
from kb.cli.tables import number, print_json, print_table, words
from schema.terms import Better, Language, RetractionState, Synthesis

if TYPE_CHECKING:
    from kb.evidence.evidence import Named
    from kb.questions.answers import Answer, Answers
    from kb.store import Store
    from schema.citation import Citation
    from schema.finding import Finding
    from schema.pooled import Absolute, Pooled
    from schema.summary import Line


def ask(
    condition: Annotated[str, typer.Argument(help="A condition by any name: osteoarthritis, OA, knee arthritis …")],
    therapy: Annotated[str | None, typer.Option("--therapy", "-t", help="One therapy by any name: PRP, TENS …")] = None,
    as_of: Annotated[int | None, typer.Option("--as-of", help="As of this release; else the newest.")] = None,
    language: Annotated[
        Language, typer.Option("--language", help="In which the answers are worded.", case_sensitive=False)
    ] = Language.EN,
    as_json: Json = False,
) -> None:
    """Say which therapies have evidence for a condition, how sure we are, and which studies say so."""
    found = answers_for(condition, therapy, as_of)
    if as_json:
        print_json(answers_json(found, language))
    else:
        print_answers(found, detailed=therapy is not None, language=language)


def answers_for(condition: str, therapy: str | None, as_of: int | None) -> "Answers":
    """Ask the graph; raises NotFound with near names, or for a release that does not exist."""
    from kb.questions import Questions
    from kb.questions.answers import read_answers

    async def work(store: "Store") -> "Answers":
        questions = Questions(store)
        found = await read_answers(questions, condition, therapy, as_of)
        await tell_replaced(questions, condition=condition, therapy=therapy, as_of=found.release)
        return found

    return with_store(work)


def answers_json(found: "Answers", language: Language = Language.EN) -> dict[str, Any]:
    """Return the answers as the JSON contract has them."""
    return {
        "condition": {
            "id": found.condition.id,
            "name": _name(found.condition, language),
            "includes": [{"id": one.id, "name": _name(one, language)} for one in found.includes],
        },
        "release": found.release,
        "answers": [_answer_json(one, language) for one in found.answers],
        "withoutEvidence": [one.id for one in found.without_evidence],
        "studiesWithoutResult": [one.study.id for one in found.unanswered],
    }


def _answer_json(one: "Answer", language: Language) -> dict[str, Any]:
    from schema.summary import harms_in, sentence_in

    summary = one.summary
    lead = summary.lines[0] if summary.lines else None
    return {
        "therapy": {"id": one.therapy.id, "name": _name(one.therapy, language)},
        "direction": summary.direction,
        "certainty": summary.certainty,
        "certaintyBasis": summary.certainty_basis,
        "studies": summary.study_count,
        "participants": summary.participant_count,
        "participantsRandomised": summary.participants_randomised,
        "synthesis": None if lead is None else lead.synthesis,
        "pooled": None if lead is None or lead.pooled is None else _pooled_json(lead.pooled),
        "absolute": None if lead is None or lead.absolute is None else _absolute_json(lead.absolute),
        "sentence": sentence_in(language, summary),
        "harms": harms_in(language, summary),
        "indirect": summary.indirect,
        "findings": [_finding_json(finding) for finding in one.findings],
        "citations": [_citation_json(citation) for citation in one.citations],
    }


def _name(entry: "Named", language: Language) -> str:
    from schema.names import name_in

    return name_in(language, entry.name, entry.labels)


def _pooled_json(pooled: "Pooled") -> dict[str, Any]:
    return {
        "measure": pooled.measure,
        "unit": pooled.unit,
        "better": pooled.better,
        "k": pooled.k,
        "people": pooled.people,
        "estimate": pooled.estimate,
        "ciLow": pooled.ci_low,
        "ciHigh": pooled.ci_high,
        "tau2": pooled.tau2,
        "i2": pooled.i2,
        "predictionLow": pooled.prediction_low,
        "predictionHigh": pooled.prediction_high,
        "method": pooled.method,
    }


def _absolute_json(numbers: "Absolute") -> dict[str, Any]:
    return {
        "withComparator": numbers.with_comparator,
        "withTherapy": numbers.with_therapy,
        "difference": numbers.difference,
        "nnt": numbers.nnt,
        "nntLow": numbers.nnt_low,
        "nntHigh": numbers.nnt_high,
        "harm": numbers.harm,
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


def print_answers(found: "Answers", *, detailed: bool, language: Language = Language.EN) -> None:
    """Print the answers as a table; with ``detailed`` also the results and reports behind each."""
    from kb.questions.studies import listed
    from schema.summary import sentence_in

    includes = ", ".join(_name(one, language) for one in found.includes)
    typer.echo(f"{_name(found.condition, language)}: what is known, as of release {found.release}")
    typer.echo(f"Includes {includes}." if includes else "No narrower condition is included.")
    if not found.answers:
        typer.echo("No result on this is held: there is no evidence here, which is not evidence of no effect.")
        if found.unanswered:
            typer.echo(f"Studies that name both, without such a result: {listed(found.unanswered)}.")
        return
    rows = [
        [
            _name(one.therapy, language),
            sentence_in(language, one.summary),
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
            _print_detail(one, language)
    else:
        typer.echo(f"No result held: {len(found.without_evidence)} other therapies (--json lists them).")
        typer.echo("One therapy with its results and reports: add --therapy NAME.")
    typer.echo("Certainty is computed by written rules and not reviewed by a clinician, unless it says so.")


def _print_detail(one: "Answer", language: Language) -> None:
    from schema.summary import harms_in

    lines = [
        [
            _outcome(line),
            line.comparator.named,
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
        f"{_name(one.therapy, language)}: each outcome, comparison and time by itself",
        columns,
        lines,
        numeric=["studies", "people"],
    )
    if one.summary.lines:
        _print_certainty(one.summary.lines[0])
    pools = [_pool_row(line) for line in one.summary.lines if line.pooled is not None]
    if pools:
        columns = ["outcome", "against", "time", "studies", "pooled (95 % interval)", "I²", "a new study", "leads"]
        print_table("Studies taken together", columns, pools, numeric=["studies"])
    people = [_people_row(line) for line in one.summary.lines if line.absolute is not None]
    if people:
        columns = ["outcome", "against", "time", "with the comparator", "with the therapy", "number needed to treat"]
        print_table("Of 100 people", columns, people)
    typer.echo(f"  {harms_in(language, one.summary)}")
    findings = [
        [
            one.studies[finding.study].name if finding.study in one.studies else finding.study,
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
    _print_harms(one)


def _print_harms(one: "Answer") -> None:
    from kb.evidence.harms import harms_of

    citations = {citation.id: citation for citation in one.citations}
    studies = (one.studies[id] for id in one.summary.carrying if id in one.studies)
    rows = [[study.name, harm] for study in studies for harm in harms_of(study, citations)]
    if rows:
        print_table("Harms by study", ["study", "harm"], rows, wide="harm")


def _print_certainty(line: "Line") -> None:
    for step in line.steps:
        typer.echo(f"  certainty {step.levels:+d} for {words(step.reason)}: {step.figure}")
    if line.certainty_computed is not None:
        typer.echo(f"  computed: {words(line.certainty_computed)}; with what reviewers judged: {words(line.certainty)}")
    for judged in line.judgements:
        what = "confirmed" if judged.reason is None else f"{judged.levels:+d} for {words(judged.reason)}"
        who = f"{judged.who} (clinician)" if judged.clinician else judged.who
        typer.echo(f"  {who}, {judged.when}: {what}, because: {judged.why}")


def _outcome(line: "Line") -> str:
    return words((line.outcome or line.domain).replace("-", " ")) + (" (responders)" if line.responders else "")


def _pool_row(line: "Line") -> list[str]:
    pooled = line.pooled
    assert pooled is not None
    better = "higher is better" if pooled.better is Better.HIGHER else "lower is better"
    new = "–"
    if pooled.prediction_low is not None:
        new = f"{_short(pooled.prediction_low)} to {_short(pooled.prediction_high)}"
    return [
        _outcome(line),
        line.comparator.named,
        words(line.window),
        f"{pooled.k} of {pooled.k + len(line.not_pooled)}",
        f"{pooled.measure} {_short(pooled.estimate)} ({_short(pooled.ci_low)} to {_short(pooled.ci_high)}), {better}",
        "–" if pooled.i2 is None else f"{pooled.i2:.0f} %",
        new,
        "yes" if line.synthesis is Synthesis.POOLED else "no",
    ]


def _people_row(line: "Line") -> list[str]:
    numbers = line.absolute
    assert numbers is not None
    nnt = "no difference shown"
    if numbers.nnt is not None:
        kind = "to harm" if numbers.harm else "to benefit"
        nnt = f"{_short(numbers.nnt)} {kind} ({_short(numbers.nnt_low)} to {_short(numbers.nnt_high)})"
    return [
        _outcome(line),
        line.comparator.named,
        words(line.window),
        f"{numbers.with_comparator:.0f}",
        f"{numbers.with_therapy:.0f} ({numbers.therapy_low:.0f} to {numbers.therapy_high:.0f})",
        nnt,
    ]


def _short(value: float | None) -> str:
    """Three significant figures; what was computed is no more exact than that."""
    return "–" if value is None else f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"


def _state(citation: "Citation") -> str:
    state = citation.retraction.state
    return words(citation.verification if state is RetractionState.NONE_FOUND else state)


def _effect(finding: "Finding") -> str:
    effect = finding.effect
    if effect is None:
        return "–"
    measure = effect.measure or effect.measure_as_printed or ""
    ends = (effect.ci_low, effect.ci_high)
    interval = "" if ends == (None, None) else f" ({number(effect.ci_low)} to {number(effect.ci_high)})"
    return f"{measure} {number(effect.estimate)}{interval} {effect.unit}".strip()
