"""ClinicalTrials.gov: registered studies as JSON of its API, version 2, one study or a list of them.

Source: the registry's study data structure, https://clinicaltrials.gov/data-api/about-api/study-data-structure. A study
becomes a Study with its registration, and the entry a Citation of its own. Numbers of the results section are not read.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any, BinaryIO, TypeVar, cast

from pydantic import ValidationError

from loaders.appearance import decoded
from loaders.encoding import read_text
from loaders.json_values import document_of, mapping
from schema.citation import Citation, citation_id
from schema.ids import BadIdentifier, curie_to_iri, normalise_nct, normalise_pmid, normalise_registry_number, slug
from schema.parsed import Parsed, Problem
from schema.registration import Registration
from schema.study import Study
from schema.terms import CitationType, PublicationLinkKind, RecruitmentStatus, StudyDesign, Term

VERSION = "1"
REGISTRY = "ClinicalTrials.gov"

Fields = dict[str, Any]
T = TypeVar("T", bound=Term)

_RANDOMISED = {"CROSSOVER": StudyDesign.CROSSOVER_RCT, "FACTORIAL": StudyDesign.FACTORIAL_RCT}
_OBSERVED = {
    "COHORT": StudyDesign.COHORT,
    "CASE_CONTROL": StudyDesign.CASE_CONTROL,
    "CASE_ONLY": StudyDesign.CASE_SERIES,
}
_CLUSTER = re.compile(r"\bcluster[\s-]+(?:\w+\s+)?randomi[sz]ed", re.IGNORECASE)
_DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")
_OUTCOMES = (("primaryOutcomes", True), ("secondaryOutcomes", False), ("otherOutcomes", False))


def detect(head: bytes, name: str) -> bool:  # noqa: ARG001 (every format is told the name)
    """Tell by the first bytes (unpacked) whether this is a study, or a list of studies, of the registry."""
    text = (decoded(head) or "").lstrip("\ufeff \t\r\n")
    return text[:1] in ("{", "[") and '"protocolSection"' in text


def parse(stream: BinaryIO, name: str) -> Iterator[Parsed | Problem]:
    """Yield a Citation (the entry) and a Study for each registered study. Never raises on content."""
    text, problems = read_text(stream, name)
    yield from problems
    document = document_of(text, name)
    if isinstance(document, Problem):
        yield document
        return
    if _text(mapping(document), "nextPageToken"):
        yield Problem(name, "is one page of a longer list: load the pages that follow too", rejected=False)
    count = 0
    for count, entry in enumerate(_entries(document), 1):
        yield from _study(entry, f"{name}#{count}")
    if not count:
        yield Problem(name, "no study was found; expected a study of ClinicalTrials.gov with a protocolSection")


def _entries(document: Any) -> Iterable[Any]:
    if isinstance(document, dict):
        held = cast(Fields, document)
        return _list(held["studies"]) if "studies" in held else [held]
    return cast("list[Any]", document) if isinstance(document, list) else []


def _study(entry: Any, place: str) -> Iterator[Parsed | Problem]:
    protocol = _part(mapping(entry), "protocolSection")
    identity = _part(protocol, "identificationModule")
    try:
        number = normalise_nct(_text(identity, "nctId") or "")
    except BadIdentifier as bad:
        yield Problem(place, f"a study without its number is left out: {bad}")
        return
    where = f"{place} {number}"
    title = _text(identity, "officialTitle") or _text(identity, "briefTitle")
    design = _part(protocol, "designModule")
    if _text(design, "studyType") == "EXPANDED_ACCESS":
        yield Problem(where, "is a programme of expanded access and no study; it is left out")
        return
    warnings: list[str] = []
    registration = _registration(number, mapping(entry), protocol, warnings)
    yield from (Problem(where, message, rejected=False) for message in warnings)
    acronym = _text(identity, "acronym")
    numbers = _numbers(number, identity)
    key = citation_id(nct=number)
    first_posted: str | None = registration["first_posted"]
    try:
        citation = Citation(
            id=key,
            title=title,
            type=CitationType.REGISTRATION,
            year=int(first_posted[:4]) if first_posted else None,
            published=first_posted,
            registry_numbers=numbers,
            source_url=curie_to_iri(f"NCT:{number}"),
        )
        study = Study(
            id=slug(number),
            name=f"{number} ({acronym})" if acronym else number,
            title=title,
            acronym=acronym,
            design=_design(design, title or ""),
            design_as_printed=_printed_design(design),
            registry_numbers=numbers,
            citations=(key,),
            registered_in=key,
            registration=Registration.model_validate(registration),
        )
    except ValidationError as refused:
        fault = refused.errors(include_url=False)[0]
        field = ".".join(str(step) for step in fault["loc"])
        yield Problem(where, f"{field} cannot be used: {fault['msg']}; the study is left out. Get the entry again.")
        return
    yield Parsed(citation, where)
    yield Parsed(study, where)


def _numbers(number: str, identity: Fields) -> tuple[str, ...]:
    """The study's number, those that were given up for it, and those of other registries.

    Another one of this registry among the rest is another study's, such as the one that this extends.
    """
    others = [_text(mapping(one), "id") or "" for one in _list(identity.get("secondaryIdInfos"))]
    found = [number]
    for text in (*_texts(identity.get("nctIdAliases")), *(one for one in others if "NCT" not in one.upper())):
        with suppress(BadIdentifier):
            found.append(normalise_registry_number(text))
    return tuple(dict.fromkeys(found))


def _registration(number: str, entry: Fields, protocol: Fields, warnings: list[str]) -> Fields:
    status = _part(protocol, "statusModule")
    design = _part(protocol, "designModule")
    enrolment = _part(design, "enrollmentInfo")
    conditions = _part(protocol, "conditionsModule")
    treated = _part(protocol, "armsInterventionsModule")
    places = _list(_part(protocol, "contactsLocationsModule").get("locations"))
    count = enrolment.get("count")
    posted = entry.get("hasResults")
    return {
        "number": number,
        "registry": REGISTRY,
        "status": _term(RecruitmentStatus, _text(status, "overallStatus"), warnings),
        "why_stopped": _text(status, "whyStopped"),
        "started": _dated(status, "startDateStruct", warnings),
        "primary_completion": _dated(status, "primaryCompletionDateStruct", warnings),
        "completed": _dated(status, "completionDateStruct", warnings),
        "enrolment": count if isinstance(count, int) and not isinstance(count, bool) and count >= 0 else None,
        "enrolment_actual": _actual(enrolment),
        "results_posted": posted if isinstance(posted, bool) else None,
        "results_posted_on": _date(_part(status, "resultsFirstPostDateStruct"), warnings),
        "results_sent_on": _sent(entry, warnings),
        "sponsor": _text(_part(_part(protocol, "sponsorCollaboratorsModule"), "leadSponsor"), "name"),
        "countries": tuple(dict.fromkeys(filter(None, (_text(mapping(one), "country") for one in places)))),
        "masking": _masking(design),
        "conditions": _texts(conditions.get("conditions")),
        "keywords": _texts(conditions.get("keywords")),
        "interventions": [
            {"name": name, "kind": _text(one, "type"), "other_names": _texts(one.get("otherNames")),
             "description": _text(one, "description")}
            for one in map(mapping, _list(treated.get("interventions"))) if (name := _text(one, "name"))
        ],
        "arms": [
            {"name": name, "kind": _text(one, "type"), "description": _text(one, "description"),
             "interventions": _texts(one.get("interventionNames"))}
            for one in map(mapping, _list(treated.get("armGroups"))) if (name := _text(one, "label"))
        ],
        "outcomes": list(_outcomes(_part(protocol, "outcomesModule"))),
        "publications": list(_publications(_part(protocol, "referencesModule"), warnings)),
        "first_posted": _date(_part(status, "studyFirstPostDateStruct"), warnings),
        "last_updated": _date(_part(status, "lastUpdatePostDateStruct"), warnings),
    }  # fmt: skip


def _sent(entry: Fields, warnings: list[str]) -> str | None:
    """Return when results were last sent that are not posted: RELEASE sends, UNRELEASE recalls them."""
    module = _part(_part(entry, "annotationSection"), "annotationModule")
    sent: list[str | None] = []
    for event in map(mapping, _list(_part(module, "unpostedAnnotation").get("unpostedEvents"))):
        if _text(event, "type") == "RELEASE":
            sent.append(_date(event, warnings))
        elif _text(event, "type") == "UNRELEASE":
            sent = sent[:-1]
    return sent[-1] if sent else None


def _outcomes(module: Fields) -> Iterator[Fields]:
    for key, primary in _OUTCOMES:
        for one in map(mapping, _list(module.get(key))):
            if measure := _text(one, "measure"):
                yield {
                    "measure": measure,
                    "primary": primary,
                    "timepoint": _text(one, "timeFrame"),
                    "description": _text(one, "description"),
                }


def _publications(module: Fields, warnings: list[str]) -> Iterator[Fields]:
    for one in map(mapping, _list(module.get("references"))):
        kind = _term(PublicationLinkKind, _text(one, "type"), warnings)
        pmid, printed = _text(one, "pmid"), _text(one, "citation")
        if kind is None or not (pmid or printed):
            continue
        for notice in map(mapping, _list(one.get("retractions"))):
            told = _text(notice, "source") or f"PMID {_text(notice, 'pmid')}"
            called = f"PMID {pmid}" if pmid else (printed or "")[:80]
            warnings.append(f"the registry says that {called} is retracted ({told}): ask with kb retractions --online")
        try:
            yield {"kind": kind, "pmid": normalise_pmid(pmid) if pmid else None, "as_printed": printed}
        except BadIdentifier as bad:
            warnings.append(f"a linked publication keeps its words alone: {bad}")
            if printed:
                yield {"kind": kind, "as_printed": printed}


def _design(module: Fields, title: str) -> StudyDesign:
    """Return the design. What the registry calls non-randomised with one group has no comparison, and stays OTHER."""
    info = _part(module, "designInfo")
    model, allocation = _text(info, "interventionModel"), _text(info, "allocation")
    if allocation == "RANDOMIZED":
        return StudyDesign.CLUSTER_RCT if _CLUSTER.search(title) else _RANDOMISED.get(model or "", StudyDesign.RCT)
    if allocation == "NON_RANDOMIZED" and model not in (None, "SINGLE_GROUP"):
        return StudyDesign.NON_RANDOMISED
    if _text(module, "studyType") == "OBSERVATIONAL":
        if _text(info, "timePerspective") == "CROSS_SECTIONAL":
            return StudyDesign.CROSS_SECTIONAL
        return _OBSERVED.get(_text(info, "observationalModel") or "", StudyDesign.OTHER)
    return StudyDesign.OTHER


def _printed_design(module: Fields) -> str | None:
    info = _part(module, "designInfo")
    keys = ("allocation", "interventionModel", "observationalModel", "timePerspective", "primaryPurpose")
    said = [_text(module, "studyType"), *(_text(info, key) for key in keys)]
    return "; ".join(filter(None, said)) or None


def _masking(module: Fields) -> str | None:
    info = _part(_part(module, "designInfo"), "maskingInfo")
    masking, whom = _text(info, "masking"), ", ".join(_texts(info.get("whoMasked")))
    return f"{masking} ({whom})" if masking and whom else masking


def _dated(module: Fields, key: str, warnings: list[str]) -> Fields | None:
    struct = _part(module, key)
    date = _date(struct, warnings)
    return {"date": date, "actual": _actual(struct)} if date else None


def _date(struct: Fields, warnings: list[str]) -> str | None:
    date = _text(struct, "date")
    if date is not None and not _DATE.fullmatch(date):
        warnings.append(f"the date {date[:40]!r} is none and is left out")
        return None
    return date


def _actual(struct: Fields) -> bool | None:
    return {"ACTUAL": True, "ESTIMATED": False, "ANTICIPATED": False}.get(_text(struct, "type") or "")


def _term(kind: type[T], text: str | None, warnings: list[str]) -> T | None:
    if text is None:
        return None
    if text not in kind.__members__:
        warnings.append(f"{text[:40]!r} is none of {', '.join(kind.__members__)}; it is left out")
        return None
    return kind[text]


def _part(holder: Fields, key: str) -> Fields:
    return mapping(holder.get(key))


def _list(value: Any) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else []


def _text(holder: Fields, key: str) -> str | None:
    value = holder.get(key)
    # Escapes can name half of a surrogate pair, which no text may hold.
    return value.encode("utf-8", errors="replace").decode().strip() or None if isinstance(value, str) else None


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(filter(None, (_text({"": one}, "") for one in _list(value))))
