"""Titles made comparable: what printers, exports and dialects change does not count, what authors mean does."""

import html
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta", "θ": "theta",
    "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "π": "pi", "ρ": "rho", "σ": "sigma",
    "ς": "sigma", "τ": "tau", "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega",
}  # fmt: skip
#: Letters that Unicode does not take apart.
LETTERS = str.maketrans(
    GREEK
    | {
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "\u0131": "i",
        "&": " and ",
        "+": " plus ",
    }
)
#: British and American spelling, as parts of words; both are folded alike, so that a wrong cut costs nothing.
SPELLING = tuple(
    (re.compile(pattern), form)
    for pattern, form in (
        (r"(?<=[a-z]{3})is(?=(?:e|ed|es|ing|ation|ations|er|ers)$)", "iz"),
        (r"(?<=[a-z]{2})ys(?=(?:e|ed|es|ing|er|ers)$)", "yz"),
        (r"(?<=[a-z]{3})our(?=(?:s|al|ally|ed|ing|ist|ism|able)?$)", "or"),
        (r"(?<=[bct])re(?=s?$)", "er"),
        (r"ae(?=[a-z])", "e"),
        (r"oe(?=[a-z])", "e"),
        (r"programme(?=s?$)", "program"),
        (r"ageing", "aging"),
        (r"(?<=[a-z])ll(?=(?:ing|ed|er|ers)$)", "l"),
        (r"logue(?=s?$)", "log"),
    )
)
NUMBERS = {
    word: str(number)
    for number, word in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    )
} | {"eighteen": "18", "twenty": "20", "first": "1", "second": "2", "third": "3", "fourth": "4", "fifth": "5"}
ROMAN = {"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9"}
#: After these a single Roman letter is a number.
COUNTED = {"part", "phase", "type", "stage", "grade", "volume", "class", "level", "report", "paper", "study", "chapter"}
ONE_LETTER = {"i": "1", "v": "5", "x": "10", "a": "a", "b": "b", "c": "c"}
#: What a subtitle comes after. One set of signs comes first, because that is searched for several times as fast.
SUBTITLE = re.compile(
    r"[:.;\s](?:(?<=[^\s\d]:)\s+|(?<=\s)\s*[–—-]\s+|(?<=\?\s)\s*|(?<=[a-z]{3}\.)\s+(?=[A-Z])|(?<=;)\s+|(?<=\s)\s*;\s+)"
)
#: What the publisher put before or after the title when the fate of the article was known; it is the same article.
STATUS = re.compile(r"^\W*(?:retracted(?: article)?|retracted article|withdrawn)\s*[:.\]-]+\s*(?=\W*\w)", re.IGNORECASE)
STATUS_AFTER = re.compile(r"[\s([]*\b(?:retracted(?: article)?|retraction in [^)\]]*)[)\].\s]*$", re.IGNORECASE)
FATED = ("retract", "withdrawn")
MARKUP = re.compile(r"</?(?:i|b|u|em|strong|sub|sup|sc|p|title)\b[^>]*>", re.IGNORECASE)
#: The apostrophe of a genitive.
OWNER = re.compile(r"(?<=\w)['’`\u00b4](?=s\b)")
#: 0.5 is one number, and so is 1,000; TNF2 is a word and a number.
WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+")
PLAIN_WORD = re.compile(r"[a-z]+|\d+(?:[.,]\d+)*")
TRANSLATED = re.compile(r"\s*[(\[](?:author'?s transl(?:ation)?|in [A-Z][a-z]+|article in [A-Z][a-z]+)[)\]]\.?\s*$")


@dataclass(frozen=True, slots=True)
class Title:
    """A title made comparable."""

    #: The words, folded.
    words: tuple[str, ...]
    #: All letters and digits in one; blanks and hyphens do not count.
    letters: str
    #: The same of the part before the subtitle; equal to ``letters`` where there is none.
    main: str
    #: The numbers in it, in their order: months, doses, parts, years.
    numbers: tuple[str, ...]
    #: Words that were there before folding and mark a state: an older version, withdrawn.
    withdrawn: bool


@lru_cache(maxsize=8_192)
def read_title(text: str) -> Title:
    """Return a title as it can be compared."""
    plain = html.unescape(MARKUP.sub("", text) if "<" in text else text)
    plain = " ".join((plain if plain.isascii() else unicodedata.normalize("NFKC", plain)).split())
    lower = plain.lower()
    if plain.endswith((")", "]", ".")):
        plain = TRANSLATED.sub("", plain)
    if not plain.isascii() or any(word in lower for word in FATED):
        plain = STATUS_AFTER.sub("", STATUS.sub("", plain))
    # No word goes on over the beginning of a subtitle, so that the words of the parts are those of the whole.
    parts = SUBTITLE.split(plain.strip(" .[]"), maxsplit=1)
    read = [_read(part) for part in parts]
    words = _numbered([word for some in read for word in some])
    letters = "".join(words)
    main = ("".join(words[: len(read[0])]) or letters) if len(parts) > 1 else letters
    numbers = tuple(word for word in words if word[0].isdigit())
    return Title(words, letters, main, numbers, lower.startswith("withdrawn"))


def _read(text: str) -> list[str]:
    plain = text.casefold()
    if plain.isascii():
        plain = plain.replace("&", " and ").replace("+", " plus ")
        if "'" in plain or "`" in plain:
            plain = OWNER.sub("", plain)
        return [_word(word) for word in PLAIN_WORD.findall(plain)]
    plain = unicodedata.normalize("NFKD", plain.translate(LETTERS))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter)).translate(LETTERS)
    return [_word(word) for word in WORD.findall(OWNER.sub("", plain))]


def _numbered(words: list[str]) -> tuple[str, ...]:
    """Return the words with the letters that number something made numbers: ``part i``."""
    if not COUNTED.isdisjoint(words):
        for place, (before, word) in enumerate(pairwise(words), start=1):
            if before in COUNTED:
                words[place] = ONE_LETTER.get(word, word)
    return tuple(words)


@lru_cache(maxsize=65_536)
def _word(word: str) -> str:
    if word in NUMBERS:
        return NUMBERS[word]
    if word in ROMAN:
        return ROMAN[word]
    if word[0].isdigit():
        number = re.sub(r",(?=\d{3}(?!\d))", "", word).replace(",", ".")
        return re.sub(r"^0+(?=\d)", "", number).replace(".", "p")
    return spelt(word)


def spelt(word: str) -> str:
    """Return a word without the differences between British and American spelling."""
    if len(word) > 4:
        for pattern, form in SPELLING:
            word = pattern.sub(form, word)
    return "versus" if word == "vs" else word
