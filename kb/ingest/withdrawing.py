"""Withdrawing: what a study's or a page's source holds no longer counts no more.

A finding is known by its parts: one whose time point or outcome is corrected is another one, and the one before it must
not count beside it; nor must a statement that its page makes no longer. So where a source tells all findings of a
study, or all statements and references of a page, those that it told before and tells no more are withdrawn. They stay
in the graph, for the releases that held them, and come back when the source tells them again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kb.ingest.deciding import Deciding
from kb.ingest.decision import Incoming
from kb.ingest.existing import read_existing
from kb.ingest.merge import voice
from kb.store import Reads, portions
from schema.finding import Finding
from schema.page import Page, Reference, Statement
from schema.parsed import Parsed
from schema.record import Record
from schema.study import Study

#: Studies, or pages, looked up at once.
AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class PartOf:
    """Records that are told with one that they belong to: ``owner`` names the field that points at it."""

    part: type[Finding | Statement | Reference]
    owner: str
    query: str
    names: Mapping[str, str]


#: The parts of records, by the label of those.
PARTS: Mapping[str, Sequence[PartOf]] = {
    Study.label: (PartOf(Finding, "study", "findings_under", {"Label": Study.label, "TYPE": "RESULT_OF"}),),
    Page.label: (
        PartOf(Statement, "page", "parts_of_pages", {"Label": Statement.label}),
        PartOf(Reference, "page", "parts_of_pages", {"Label": Reference.label}),
    ),
}


def part_asked(query: str, names: Mapping[str, str] | None) -> PartOf | None:
    """Return the parts that a query asks for, by the ids of what they belong to."""
    every = (one for parts in PARTS.values() for one in parts)
    return next((one for one in every if (one.query, one.names) == (query, names)), None)


def telling_all(incoming: Sequence[Incoming]) -> list[Incoming]:
    """Return those of these records whose source tells all their parts."""
    return [one for one in incoming if one.parsed.parts is not None]


async def withdraw(store: Reads, deciding: Deciding, wholes: Sequence[Incoming], trials: Mapping[str, str]) -> None:
    """Decide that parts are withdrawn, and tell it. ``wholes``: as :func:`telling_all` returns them.

    ``trials``: the id under which a study is known. Of a record of which this load leaves out anything, nothing is
    withdrawn: what was left out may be the part as it was corrected.
    """
    for label, parts in PARTS.items():
        mine = (one for one in wholes if one.parsed.record.label == label)
        named = ((_known_as(one.parsed.record, trials), one) for one in mine)
        whole = {id_: one for id_, one in named if _decided(deciding, one, id_)}
        for part in parts:
            for some in portions(sorted(whole), AT_ONCE):
                await _withdraw_parts(store, deciding, part, {id_: whole[id_] for id_ in some})


def _known_as(record: Record, trials: Mapping[str, str]) -> str:
    return trials.get(record.id, record.id) if isinstance(record, Study) else record.id


def _decided(deciding: Deciding, whole: Incoming, id: str) -> bool:
    return {(whole.parsed.record.label, id), *(whole.parsed.parts or ())} <= deciding.decisions.keys()


async def _withdraw_parts(store: Reads, deciding: Deciding, part: PartOf, whole: Mapping[str, Incoming]) -> None:
    label = part.part.label
    ids = [row["id"] for row in await store.read(part.query, part.names, ids=sorted(whole))]
    gone = [id_ for id_ in ids if (label, id_) not in deciding.decisions]
    for before in (await read_existing(store, label, gone)).values():
        assert isinstance(before.record, Finding | Statement | Reference)
        owner = whole[getattr(before.record, part.owner)]
        if before.record.withdrawn or voice(before.source) != voice(owner.source):
            continue
        record = before.record.model_copy(update={"withdrawn": True})
        one = Incoming(Parsed(record, owner.parsed.where), owner.file, owner.source)
        deciding.settle(one, record, before)
        deciding.tell(one, [_told(record)])


def _told(record: Finding | Statement | Reference) -> str:
    match record:
        case Finding():
            what = ", ".join(part for part in (record.outcome_as_printed, record.timepoint) if part)
            gone = "its study holds this result no longer; it is withdrawn, and counts no more"
        case Statement():
            what, gone = record.claim, "its page makes this statement no longer; it is withdrawn"
        case Reference():
            what, gone = record.printed, "its page has this reference no longer; it is withdrawn"
    return f"{what}: {gone} from the next release on"
