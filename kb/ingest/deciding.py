"""What is decided so far in one plan: a decision for each record, and why others were left out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TypeVar

from kb.ingest.decision import Action, Decision, Earlier, Incoming, Key
from kb.ingest.existing import Existing
from kb.ingest.merge import Merged, merge, voice
from schema.parsed import Problem
from schema.record import Record

R = TypeVar("R", bound=Record)


@dataclass
class Deciding:
    """The decisions of a plan, which grow kind by kind; a later check may still withdraw one."""

    decisions: dict[Key, Decision] = field(default_factory=dict[Key, Decision])
    #: Second records for something that was decided already.
    doubles: list[Decision] = field(default_factory=list[Decision])
    problems: list[tuple[int, Problem]] = field(default_factory=list[tuple[int, Problem]])
    #: Ids of citations that came in, and the id under which each is known.
    renamed: dict[str, str] = field(default_factory=dict[str, str])
    #: New records that a check rejected, and that will not be in the graph.
    withdrawn: set[Key] = field(default_factory=set[Key])

    def of(self, kind: type[R]) -> Iterator[R]:
        """Yield the decided records of one kind."""
        return (one.record for one in self.decisions.values() if isinstance(one.record, kind))

    def settle(
        self,
        one: Incoming,
        record: Record,
        before: Existing | None,
        merged: Merged | None = None,
        again: Earlier | None = None,
    ) -> None:
        """Decide a record that comes for the first time in this plan."""
        if before is None:
            decision = Decision(Action.NEW, record, one, None, one.source, {})
        else:
            merged = merged or merge(before, record, one.source)
            if merged.changes(before, one.hash_of(merged.record)):
                action = Action.UPDATED
            elif voice(before.source) == voice(one.source) and record.id == before.record.id:
                action = Action.UNCHANGED
            else:
                action = Action.MATCHED
            decision = Decision(action, merged.record, one, before, merged.source, merged.field_sources, again=again)
        self.decisions[record.label, decision.record.id] = decision

    def register(self, one: Incoming, record: Record, earlier: Decision) -> None:
        """Give a study that came earlier in this load its registration: the two fields are the registry's."""
        before = earlier.before
        changed = before is not None and record.content_hash() != before.content_hash
        action = Action.UPDATED if changed else earlier.action
        owned = dict.fromkeys(("registration", "registered_in"), one.source)
        self.decisions[record.label, record.id] = replace(
            earlier, action=action, record=record, field_sources={**earlier.field_sources, **owned}
        )
        self.double(one, earlier)

    def double(self, one: Incoming, earlier: Decision) -> None:
        """Note a second record of something that came earlier in this load."""
        self.doubles.append(
            Decision(
                Action.MATCHED,
                earlier.record,
                one,
                earlier.before,
                earlier.source,
                earlier.field_sources,
                double=True,
            )
        )

    def withdraw(self, record: Record, message: str) -> None:
        """Reject a record that was decided already."""
        decision = self.decisions.pop((record.label, record.id))
        if decision.before is None:
            self.withdrawn.add((record.label, record.id))
        self.reject(decision.incoming, message)

    def reject(self, one: Incoming, message: str) -> None:
        """Leave a record out, and say why."""
        self.tell(one, [message], rejected=True)

    def tell(self, one: Incoming, messages: Iterable[str], *, rejected: bool = False) -> None:
        """Say something of a record that comes in."""
        record, where = one.parsed.record, one.parsed.where
        for message in messages:
            self.problems.append(
                (one.file, Problem(where, f"{record.label} {record.id}: {message}", rejected=rejected))
            )
