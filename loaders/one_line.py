"""One line: a text without line breaks, its words parted by single blanks."""

# Shorter texts are taken apart and joined faster than they are looked at.
_SHORT = 32


def one_line(text: str) -> str:
    """Return a text on one line; of what parts its words (blanks of any kind), one blank each is left."""
    if len(text) > _SHORT and "  " not in text and text[0] != " " and text[-1] != " " and text.isprintable():
        # In order, as most are. No white space but the blank is printable.
        return text
    return " ".join(text.split())
