"""One line: a text without line breaks, its words parted by single blanks."""

from collections.abc import Iterator

# White space of ASCII that is no blank.
_ODD = "\t\n\v\f\r\x1c\x1d\x1e\x1f"
# From here on it is told faster by looking for each of these than by looking at each character.
_LONG = 100
# Characters taken apart at a time: the words of a text take many times its memory.
_PIECE = 1_000_000


def one_line(text: str) -> str:
    """Return a text on one line; of what parts its words (blanks of any kind), one blank each is left."""
    bare = text.strip()
    # In order, as most are. No white space but the blank is printable.
    if "  " not in bare and (_is_plain(bare) if len(bare) > _LONG and bare.isascii() else bare.isprintable()):
        return bare
    if len(bare) <= _PIECE:
        return " ".join(bare.split())
    return " ".join(filter(None, (" ".join(piece.split()) for piece in _pieces(bare))))


def _is_plain(text: str) -> bool:
    return not any(map(text.__contains__, _ODD))


def _pieces(text: str) -> Iterator[str]:
    start = 0
    while (end := text.find(" ", start + _PIECE)) >= 0:
        yield text[start:end]
        start = end + 1
    yield text[start:]
