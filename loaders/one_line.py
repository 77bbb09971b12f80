"""One line: a text without line breaks, its words parted by single blanks."""

from collections.abc import Iterator

# Shorter texts are taken apart and joined faster than they are looked at.
_SHORT = 32
# Characters taken apart at a time: the words of a text take many times its memory.
_PIECE = 1_000_000


def one_line(text: str) -> str:
    """Return a text on one line; of what parts its words (blanks of any kind), one blank each is left."""
    if len(text) <= _SHORT:
        return " ".join(text.split())
    bare = text.strip()
    if "  " not in bare and bare.isprintable():
        # In order, as most are. No white space but the blank is printable.
        return bare
    return " ".join(filter(None, (" ".join(piece.split()) for piece in _pieces(bare))))


def _pieces(text: str) -> Iterator[str]:
    start = 0
    while (end := text.find(" ", start + _PIECE)) >= 0:
        yield text[start:end]
        start = end + 1
    yield text[start:]
