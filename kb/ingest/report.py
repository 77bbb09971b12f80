"""What became of one source."""

from collections import Counter
from dataclasses import dataclass, field

from kb.ingest.decision import Action
from schema.parsed import Problem


@dataclass
class FileReport:
    """What became of one source: every record read is counted once, every problem has its place."""

    path: str
    format: str | None
    counts: Counter[Action] = field(default_factory=Counter[Action])
    problems: list[Problem] = field(default_factory=list[Problem])

    @property
    def read(self) -> int:
        """Records read, the rejected ones included."""
        return self.counts.total()

    def tell(self, problem: Problem) -> None:
        """Note a problem; one that cost a record counts it as rejected."""
        self.problems.append(problem)
        self.counts[Action.REJECTED] += problem.rejected
