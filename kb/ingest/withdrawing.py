"""Withdrawing: findings that a study's source holds no longer count no more.

A finding is known by its parts: one whose time point or outcome is corrected is another one, and the one before it must
not count beside it. So where a source tells all findings of a study, those that it told before and tells no more are
withdrawn. They stay in the graph, for the releases that counted them, and come back when the source tells them again.
"""

from collections.abc import Mapping, Sequence

from kb.ingest.deciding import Deciding
from kb.ingest.decision import Incoming
from kb.ingest.existing import read_existing
from kb.ingest.merge import voice
from kb.store import Reads, portions
from schema.finding import Finding
from schema.parsed import Parsed
from schema.study import Study

#: The query for the findings that point at records of a label.
OF_STUDIES = "findings_under"

#: Studies looked up at once.
AT_ONCE = 2000


def telling_all(incoming: Sequence[Incoming]) -> list[Incoming]:
    """Return the studies among these records whose source tells all their findings."""
    return [one for one in incoming if one.parsed.findings is not None]


async def withdraw(store: Reads, deciding: Deciding, studies: Sequence[Incoming], trials: Mapping[str, str]) -> None:
    """Decide that findings are withdrawn, and tell it. ``studies``: as :func:`telling_all` returns them.

    ``trials``: the id under which each of these studies is known. Of a study of which this load leaves out anything,
    nothing is withdrawn: what was left out may be the finding as it was corrected.
    """
    names = {"Label": Study.label, "TYPE": "RESULT_OF"}
    whole = {
        trials.get(one.parsed.record.id, one.parsed.record.id): one
        for one in studies
        if _decided(deciding, one, trials)
    }
    for some in portions(sorted(whole), AT_ONCE):
        ids = [row["id"] for row in await store.read(OF_STUDIES, names, ids=some)]
        gone = [id_ for id_ in ids if (Finding.label, id_) not in deciding.decisions]
        for before in (await read_existing(store, Finding.label, gone)).values():
            assert isinstance(before.record, Finding)
            study = whole[before.record.study]
            if before.record.withdrawn or voice(before.source) != voice(study.source):
                continue
            record = before.record.model_copy(update={"withdrawn": True})
            one = Incoming(Parsed(record, study.parsed.where), study.file, study.source)
            deciding.settle(one, record, before)
            deciding.tell(one, [_told(record)])


def _decided(deciding: Deciding, study: Incoming, trials: Mapping[str, str]) -> bool:
    id_ = study.parsed.record.id
    kept = {(Study.label, trials.get(id_, id_)), *((Finding.label, one) for one in study.parsed.findings or ())}
    return kept <= deciding.decisions.keys()


def _told(finding: Finding) -> str:
    what = ", ".join(part for part in (finding.outcome_as_printed, finding.timepoint) if part)
    return (
        f"{what}: its study holds this result no longer; it is withdrawn, and counts no more from the next release on"
    )
