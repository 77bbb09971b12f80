"""Entries to records: short forms written out, nesting undone, ids derived; every fault with its line and the fix."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

from loaders.seeds.fields import Built, Refused, build, closest, place
from loaders.seeds.nodes import Mapping, Node, Scalar, Sequence
from loaders.seeds.reading import Entry, Fault, Unreadable, read
from schema.citation import Citation, citation_id
from schema.comparator import Comparator
from schema.condition import Condition
from schema.finding import Finding, finding_id
from schema.gene_drug_pair import GeneDrugPair
from schema.ids import slug
from schema.instrument import Instrument
from schema.judgement import Judgement, judgement_id
from schema.marker import Marker
from schema.organization import Location, Organization
from schema.outcome import Outcome
from schema.page import Page, Reference, Statement
from schema.parsed import Parsed, Problem
from schema.study import Study
from schema.therapy import Therapy

VERSION = "1"

Result = Iterator[Parsed | Problem]


def parse(stream: BinaryIO, name: str) -> Result:
    """Yield the records of one seed file and the problems of the rest, each at ``name:line``.

    Never raises on content. A bad entry is left out alone; a finding goes with its study, a study with its reports.
    """
    text = stream.read()
    try:
        content = text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        yield Problem(f"{name}:{line}", f"not UTF-8 (byte 0x{text[error.start]:02x}); save the file as UTF-8")
        return
    try:
        entries = read(content.replace("\r\n", "\n").replace("\r", "\n"))
    except Unreadable as bad:
        yield from (Problem(f"{name}:{fault.line}", fault.message) for fault in bad.faults)
        return
    seen: dict[tuple[str, str], str] = {}
    for key in dict.fromkeys(entry.key for entry in entries if entry.key not in BUILDERS):
        line = next(entry.line for entry in entries if entry.key == key)
        known = ", ".join(sorted(BUILDERS))
        yield Problem(f"{name}:{line}", f"unknown top-level key '{key}'{closest(key, BUILDERS)}; known are {known}")
    for entry in entries:
        if entry.key in BUILDERS:
            yield from _once(_records(entry, name), seen)


def _once(items: Result, seen: dict[tuple[str, str], str]) -> Result:
    """Yield an entry's records, but not those whose id an earlier one has, nor what hangs on such a record."""
    for item in items:
        if isinstance(item, Parsed):
            kind, identifier = item.record.label, item.record.id
            if (kind, identifier) in seen:
                first = seen[kind, identifier]
                yield Problem(item.where, f"{kind} {identifier} is already at {first}; keep one of the two")
                if isinstance(item.record, Study | Page):
                    return
                continue
            seen[kind, identifier] = item.where
        yield item


def detect(head: bytes, name: str) -> bool:
    """Say whether a file that begins with ``head`` is a seed file: YAML with a top-level key that we know."""
    if not name.lower().endswith((".yaml", ".yml")):
        return False
    text = head.decode("utf-8-sig", errors="replace")
    return any(re.match(rf"{key}\s*:", line) for line in text.splitlines() for key in BUILDERS)


def _records(entry: Entry, name: str) -> Result:
    if isinstance(entry.node, tuple):
        yield from (Problem(f"{name}:{fault.line}", fault.message) for fault in entry.node)
    elif not isinstance(entry.node, Mapping):
        yield Problem(f"{name}:{entry.line}", f"an entry of {entry.key} must hold fields, such as '- id: …'")
    else:
        try:
            yield from BUILDERS[entry.key](entry.node, name)
        except Refused as refused:
            yield from refused.problems(name)


def _plain(record: type[Built]) -> Callable[[Mapping, str], Result]:
    """Return a builder for entries that are one record with the record's own fields."""

    def entry(node: Mapping, name: str) -> Result:
        yield Parsed(build(record, node), place(name, node))

    return entry


def _gene_drug_pair(node: Mapping, name: str) -> Result:
    yield Parsed(build(GeneDrugPair, node, id=slug(f"{_text(node, 'gene')} {_text(node, 'drug')}")), place(name, node))


def _judgement(node: Mapping, name: str) -> Result:
    draft = build(Judgement, node, id="draft")
    yield Parsed(draft.model_copy(update={"id": judgement_id(draft)}), place(name, node))


def _citation(node: Mapping, name: str) -> Result:
    yield Parsed(_make_citation(node), place(name, node))


def _make_citation(node: Mapping) -> Citation:
    """Build a citation; ``author: Kapural L`` stands for its first author alone, ``local`` for an id of our own."""
    fields = dict(node.fields)
    derived: dict[str, object] = {}
    author = fields.pop("author", None)
    if isinstance(author, Scalar) and "authors" not in fields:
        derived |= {"authors": [_author(author.text)], "authors_complete": False}
    local = fields.pop("local", None)
    name = local.text if isinstance(local, Scalar) else ""
    if local is not None and name != slug(name):
        said = f"local: {name!r} is no id of our own; use lower-case letters, digits and single hyphens"
        raise Refused([Fault(local.line, said)])
    # The real id needs normalised identifiers, which validation brings.
    draft = build(Citation, Mapping(fields, node.lines, node.line), id="local:draft", **derived)
    if not (draft.pmid or draft.doi or draft.pmcid or name):
        said = "the citation has no identifier; give pmid, doi or pmcid, or a 'local:' key of your own"
        raise Refused([Fault(node.line, said)])
    identifier = citation_id(pmid=draft.pmid, doi=draft.doi, pmcid=draft.pmcid, local=name)
    return draft.model_copy(update={"id": identifier})


def _author(text: str) -> dict[str, str]:
    """Split ``van Gorp EJJAA`` into family name and initials; a name without initials is a group or a family name."""
    match = re.fullmatch(r"(.+?) ((?:[A-ZÀ-ÞŞ]|[A-Z]d[A-Z])[\w-]{0,5})", text)
    if match and match[2].upper().replace("-", "") == match[2].replace("-", "").replace("d", "D"):
        return {"family": match[1], "initials": match[2]}
    return {"collective": text} if " " in text else {"family": text}


def _study(node: Mapping, name: str) -> Result:
    """Yield a study's reports, the study, and its findings."""
    fields = dict(node.fields)
    reports, results = fields.pop("citations", None), fields.pop("findings", None)
    faults: list[Fault] = []
    citations: list[str] = []
    for report in _entries(reports, "citations", faults):
        try:
            citation = _make_citation(report)
        except Refused as refused:
            faults += refused.faults
            continue
        citations.append(citation.id)
        yield Parsed(citation, place(name, report))
    findings = list(_entries(results, "findings", faults))
    if not citations and not faults:
        faults.append(Fault(node.line, "the study has no report; give at least one entry under 'citations:'"))
    only = citations[0] if len(citations) == 1 else None
    for part in ("harms", "readings"):
        if part in fields:
            fields[part] = _with_citation(fields[part], only)
    try:
        study = build(Study, Mapping(fields, node.lines, node.line), citations=citations)
    except Refused as refused:
        faults += refused.faults
    else:
        # A study that lost a report might have lost its retraction: all or nothing.
        if not faults:
            told = list(_findings(study, findings, citations, name))
            yield Parsed(study, place(name, node), _all(told, len(findings)))
            yield from told
            return
    yield from Refused(faults).problems(name)
    if findings:
        identifier = _text(node, "id")
        message = f"{len(findings)} findings of study {identifier} were left out with it"
        yield Problem(place(name, node), message)


def _all(told: Iterable[Parsed | Problem], count: int) -> frozenset[tuple[str, str]] | None:
    """Return the keys of so many parts; None unless all were read: one that was not may be any that the graph holds."""
    held = frozenset((one.record.label, one.record.id) for one in told if isinstance(one, Parsed))
    return held if len(held) == count else None


def _findings(study: Study, nodes: list[Mapping], citations: list[str], name: str) -> Result:
    seen: dict[str, int] = {}
    for node in nodes:
        cited = _text(node, "citation") or (citations[0] if len(citations) == 1 else "")
        if cited not in citations:
            known = ", ".join(citations)
            message = f"the study has no report '{cited}'; 'citation' must be one of {known}"
            yield Problem(f"{name}:{node.lines.get('citation', node.line)}", message)
            continue
        try:
            draft = build(Finding, node, id=f"{study.id}:{'0' * 12}", study=study.id, citation=cited)
        except Refused as refused:
            yield from refused.problems(name)
            continue
        finding = draft.model_copy(update={"id": _finding_key(draft)})
        if finding.id in seen:
            message = (
                f"the finding cannot be told from the one on line {seen[finding.id]}: same report, outcome, "
                "instrument, comparator, time point, population, kind of measurement and arms; keep one, or say "
                "in 'population' what differs"
            )
            yield Problem(place(name, node), message)
            continue
        seen[finding.id] = node.line
        yield Parsed(finding, place(name, node))


def _finding_key(finding: Finding) -> str:
    """Return the id of a finding from its parts."""
    comparator = "+".join(finding.comparators) or finding.comparator_class
    outcome = "; ".join(part for part in (finding.outcome_as_printed, finding.instrument_as_printed) if part)
    return finding_id(
        finding.study,
        finding.citation,
        outcome,
        comparator,
        finding.timepoint,
        finding.population,
        finding.measured,
        *(arm.name for arm in finding.arms),
    )


def _page(node: Mapping, name: str) -> Result:
    """Yield a page, its statements and its references, numbered in their order."""
    fields = dict(node.fields)
    faults: list[Fault] = []
    nested = {part: list(_entries(fields.pop(part, None), part, faults)) for part in ("statements", "references")}
    page = build(Page, Mapping(fields, node.lines, node.line))
    told = list(_page_parts(page, nested, name))
    yield Parsed(page, place(name, node), _all(told, sum(map(len, nested.values()))) if not faults else None)
    yield from Refused(faults).problems(name)
    yield from told


def _page_parts(page: Page, nested: dict[str, list[Mapping]], name: str) -> Result:
    for part, record in (("statements", Statement), ("references", Reference)):
        for position, item in enumerate(nested[part], 1):
            derived: dict[str, object] = {"page": page.id, "position": position}
            if "id" not in item.fields:
                derived["id"] = f"{page.id}-{part[0]}{position:02}"
            try:
                yield Parsed(build(record, item, **derived), place(name, item))
            except Refused as refused:
                yield from refused.problems(name)


def _entries(node: Node | None, field: str, faults: list[Fault]) -> Iterator[Mapping]:
    """Yield the nested entries of a field, and note what is no entry."""
    if node is None:
        return
    if not isinstance(node, Sequence):
        faults.append(Fault(node.line, f"{field} must be a list: begin each entry with '- '"))
        return
    for item in node.items:
        if isinstance(item, Mapping):
            yield item
        else:
            faults.append(Fault(item.line, f"an entry of {field} must hold fields, such as '- title: …'"))


def _with_citation(node: Node, only: str | None) -> Node:
    """Fill in the report of nested harms or readings where the study has only one."""
    if only is None or not isinstance(node, Sequence):
        return node
    return Sequence(
        tuple(
            Mapping({"citation": Scalar(only, only, item.line)} | item.fields, item.lines, item.line)
            if isinstance(item, Mapping)
            else item
            for item in node.items
        ),
        node.line,
    )


def _text(node: Mapping, field: str) -> str:
    value = node.fields.get(field)
    return value.text if isinstance(value, Scalar) else ""


BUILDERS: dict[str, Callable[[Mapping, str], Result]] = {
    "instruments": _plain(Instrument),
    "therapies": _plain(Therapy),
    "conditions": _plain(Condition),
    "outcomes": _plain(Outcome),
    "comparators": _plain(Comparator),
    "markers": _plain(Marker),
    "citations": _citation,
    "studies": _study,
    "judgements": _judgement,
    "gene_drug_pairs": _gene_drug_pair,
    "organizations": _plain(Organization),
    "locations": _plain(Location),
    "pages": _page,
}
