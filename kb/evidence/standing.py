"""Standing: what the answer before says of lines that no change since then can reach.

A line is a function of its own results, the vocabulary, the rules, and what reviewers judged of it. So where none of
its findings was reached by a change, none came and none went, the line before is the line now; working it out again
would give the same. A pair with judgements is worked out whole.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from kb.evidence.certainty import Rating
from kb.evidence.evidence import Evidence
from kb.evidence.lines import Key
from kb.evidence.pools import Pool
from kb.evidence.results import Result
from kb.evidence.synthesis import Answer
from schema.summary import Line, Summary


@dataclass(frozen=True)
class Standing:
    """The answer to the same question before, by the same rules and vocabulary.

    ``reached``: the findings that a change since then can reach: those that changed, and those of a study or citation
    that did, or of a review that includes one.
    """

    summary: Summary
    reached: Collection[str]

    def line(self, key: Key, results: Sequence[Result], evidence: Evidence) -> Line | None:
        """Return the line of these results as it was, if it must be so still."""
        line = self._lines.get(results[0].finding.id)
        if line is None or line.judgements or evidence.judgements or len(line.findings) != len(results):
            return None
        same = (line.domain, line.outcome, line.responders, line.comparator, line.window, line.predicts)
        if same != (key.domain, key.outcome, key.responders, key.comparison, key.window, key.predicts):
            return None
        ids = {result.finding.id for result in results}
        return line if ids == set(line.findings) and ids.isdisjoint(self.reached) else None

    @cached_property
    def _lines(self) -> dict[str, Line]:
        return {id: line for line in self.summary.lines for id in line.findings}


def answer_of(line: Line, results: Sequence[Result]) -> Answer:
    """Return the answer that a line was made of; ``results`` are all of the line."""
    by_id = {result.finding.id: result for result in results}
    return Answer(
        synthesis=line.synthesis,
        direction=line.direction,
        counted=tuple(by_id[id] for id in line.findings[: len(line.studies)]),
        favouring=line.favouring,
        against=line.against,
        sign_test_p=line.sign_test_p,
        effect=line.effect,
        people=line.participants,
        people_unknown=line.participants_unknown,
        pool=Pool(line.pooled, line.not_pooled),
    )


def rating_of(line: Line) -> Rating:
    """Return the rating that a line without judgements was made of."""
    return Rating(line.certainty, line.certainty_basis, line.steps, line.certainty)
