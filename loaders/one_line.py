"""One line: a text without line breaks, its words parted by single blanks."""

#: White space that is no blank, as Python's ``str.isspace`` tells it: that of ASCII, and all of it.
_ASCII = "\t\n\v\f\r\x1c\x1d\x1e\x1f"
_BLANKS = f"{_ASCII}\x85\xa0\u1680{''.join(map(chr, range(0x2000, 0x200B)))}\u2028\u2029\u202f\u205f\u3000"
# From here on, to look for each of ASCII's is faster than to look at each character.
_LONG = 200


def one_line(text: str) -> str:
    """Return a text on one line; of what parts its words (blanks of any kind), one blank each is left."""
    bare = text.strip()
    # In order, as most are: no white space but the blank is printable.
    if (len(bare) > _LONG and bare.isascii()) or not bare.isprintable():
        for blank in _ASCII if bare.isascii() else _BLANKS:
            if blank in bare:
                bare = bare.replace(blank, " ")
    # Words are not taken apart: they would need many times the memory of the text.
    while "  " in bare:
        bare = bare.replace("  ", " ")
    return bare
