"""Reply: what one source said about one citation, and how sources are asked."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

from schema.citation import Citation
from schema.terms import BibliographicSource


@dataclass(frozen=True, slots=True)
class Reply:
    """What one source said about one citation."""

    source: BibliographicSource
    #: What was looked for, in words: ``PMID 26218762``, ``the title``.
    looked_for: str
    #: What it holds under an identifier: one at most. The results of a search: any number.
    results: tuple[Citation, ...] = ()
    #: Whether the results are those of a search, of which one may be the work.
    searched: bool = False
    #: Why it could not be asked; the results say nothing then.
    failure: str | None = None


#: Asks the sources about citations, and yields the replies about each, in any order. Raises nothing: a source that
#: cannot be asked says so in its reply. The network is the caller's; this room knows none.
Asking = Callable[[Sequence[Citation]], AsyncIterator[tuple[Citation, Sequence[Reply]]]]
