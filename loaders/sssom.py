"""SSSOM: mappings between the terms of ontologies, as a table of tab-separated values under a header in comments.

Source: the Simple Standard for Sharing Ontology Mappings, https://w3id.org/sssom/. Each subject becomes an OntologyTerm
with its mappings; loaded beside the ontology itself, it only adds them.
"""

import csv
import re
from collections.abc import Iterator
from typing import BinaryIO

from loaders.appearance import decoded
from loaders.encoding import LARGEST_FILE, read_text
from schema.ids import BadIdentifier, term_id
from schema.ontology_term import OntologyTerm, TermMapping
from schema.parsed import Parsed, Problem

VERSION = "1"

_NEEDED = ("subject_id", "predicate_id", "object_id")
_META = re.compile(r"#\s*(mapping_set_id|mapping_set_version|subject_source):\s*(\S+)")
_COLUMNS = re.compile(r"^(?=[^\n]*\bsubject_id\b)(?=[^\n]*\bpredicate_id\b)[^\n#]*\t", re.MULTILINE)


def detect(head: bytes, name: str) -> bool:  # noqa: ARG001 (every format is told the name)
    """Tell by the first bytes (unpacked) whether this is a table of mappings; the name does not count."""
    return bool(_COLUMNS.search((decoded(head) or "").replace("\r", "\n")))


def parse(stream: BinaryIO, name: str) -> Iterator[Parsed | Problem]:
    """Yield one OntologyTerm for each subject, with its mappings. Never raises on content."""
    text, problems = read_text(stream, name)
    yield from problems
    lines = text.split("\n")
    first = next((at for at, line in enumerate(lines) if line.strip() and not line.startswith("#")), len(lines))
    columns = lines[first].split("\t") if first < len(lines) else []
    if missing := [column for column in _NEEDED if column not in columns]:
        yield Problem(f"{name}:{first + 1}", f"no mapping can be read: the table has no column {', '.join(missing)}")
        return
    meta = {match[1]: match[2] for line in lines[:first] if (match := _META.match(line))}
    csv.field_size_limit(LARGEST_FILE)
    terms: dict[str, tuple[str, str | None, list[TermMapping]]] = {}
    rows = csv.reader(lines[first + 1 :], delimiter="\t", quoting=csv.QUOTE_NONE)
    for cells in rows:
        where = f"{name}:{first + 1 + rows.line_num}"
        if not any(cells):
            continue
        row = {column: cell.strip() for column, cell in zip(columns, cells, strict=False)}
        if told := _no_mapping(row):
            yield Problem(where, told, rejected=False)
            continue
        try:
            subject = term_id(row["subject_id"])
            mapping = TermMapping(
                predicate=row["predicate_id"],
                object=row["object_id"],
                object_label=row.get("object_label") or None,
                justification=row.get("mapping_justification") or None,
                mapping_set=meta.get("mapping_set_id", name),
                version=meta.get("mapping_set_version"),
            )
        except (BadIdentifier, ValueError, KeyError) as bad:
            yield Problem(where, f"this mapping is left out: {_reason(bad)}")
            continue
        terms.setdefault(subject, (where, row.get("subject_label") or None, []))[2].append(mapping)
    for subject, (where, label, mappings) in terms.items():
        ordered = {one.order(): one for one in sorted(mappings, key=TermMapping.order)}
        ontology = meta.get("subject_source", "").removeprefix("infores:") or subject.partition(":")[0].lower()
        yield Parsed(OntologyTerm(id=subject, name=label, mappings=tuple(ordered.values()), ontology=ontology), where)
    if not terms:
        yield Problem(name, "the table has no mappings")


def _no_mapping(row: dict[str, str]) -> str | None:
    """Return what a row says that maps nothing: that two terms are not the same, or that none was found."""
    ends = (row.get("subject_id", ""), row.get("object_id", ""))
    if row.get("predicate_modifier", "").casefold() == "not":
        return f"says that {ends[0]} and {ends[1]} do not correspond ({row.get('predicate_id')}); it is left out"
    if "sssom:NoTermFound" in ends:
        return f"says that no term was found for {ends[0] if 'NoTerm' in ends[1] else ends[1]}; it is left out"
    return None


def _reason(bad: Exception) -> str:
    if isinstance(bad, KeyError):
        return "it has fewer cells than the header"
    return str(bad) if isinstance(bad, BadIdentifier) else "its object is no id of a term"
