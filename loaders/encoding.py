"""Encoding: the whole text of a citation file, whatever it was saved as, and what had to be guessed.

Every export in use today writes UTF-8, with or without a byte order mark. Older ones write the code page of the machine
they ran on and do not say which: that is guessed, and told.
"""

import codecs
import re
from typing import BinaryIO

from loaders.unpack import DamagedArchive, unpacked
from schema.parsed import Problem

#: Bytes of the largest file that is read (a citation takes about three thousand).
LARGEST_FILE = 256 * 1024 * 1024

# What citation managers save in when it is not Unicode; others would only make the guess worse.
_CODE_PAGES = ["cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "koi8_r", "shift_jis", "gb18030", "big5", "euc_kr"]
# After a small letter: what can only be a letter of old Macs (é is 8E there), and the letters of cp1252.
_MAC_LETTER = re.compile(
    rb"(?<=[a-z])(?:[\x81\x88\x8a\x8c-\x90\x98]|[\x80\x82-\x84\x86\x87\x89\x8b\x99\x9b\x9d\x9f](?=[a-z]))"
)
_WESTERN_LETTER = re.compile(rb"(?<=[a-z])[\xe0-\xff]|[\xe0-\xff](?=[a-z])")
_EUROPEAN = ("cp1252", "cp1250", "cp1254")
_SAMPLE = 32_768
_LETTERS_WITHIN = 4_000_000
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
#: What becomes of characters that no text needs; a line is ended by a line feed alone from here on.
CONTROLS = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127), " ") | {0xFEFF: None}
_CONTROL_BYTES = bytes(control for control in CONTROLS if control < 256)


def read_text(stream: BinaryIO, name: str) -> tuple[str, list[Problem]]:
    r"""Return the text (lines end in ``\\n``, no byte order mark) and what is to be told. Never raises on content."""
    problems: list[Problem] = []
    data = bytearray()
    controls = False
    try:
        for piece in unpacked(stream):
            data += piece
            # In each encoding, a control is written with a byte that is one.
            controls = controls or len(piece.translate(None, _CONTROL_BYTES)) < len(piece)
            if len(data) > LARGEST_FILE:
                problems.append(Problem(name, f"only the first {LARGEST_FILE} bytes are read: split the file"))
                break
    except DamagedArchive as damage:
        problems.append(Problem(name, f"{damage}; what stands before it is read. Get the file again."))
    text = _decoded(data, name, problems)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    # Most files have few of these or none: to look up every character (translate) would take as long as all the rest.
    for control, instead in CONTROLS.items():
        if control > 255 or (controls and control in data):
            text = text.replace(chr(control), instead or "")
    return text, problems


def _decoded(data: bytearray, name: str, problems: list[Problem]) -> str:
    if data.startswith(_UTF16):
        return _told(data, "utf-16", name, problems)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        first = error.start
    lenient = data.decode("utf-8", errors="replace")
    bad = lenient.count("\ufffd")
    foreign = len(re.findall(r"[^\x00-\x7f]", lenient)) - bad
    if foreign > 2 * bad:
        # Another encoding would spoil every accent for the sake of a few broken bytes.
        return _told(data, "utf-8", name, problems)
    page = _code_page(data, first)
    line = data.count(b"\n", 0, first) + 1
    problems.append(
        Problem(
            f"{name}:{line}",
            f"the file is not UTF-8; it is read as {page}, which is a guess. Look at the accents, or save it as UTF-8.",
            rejected=False,
        )
    )
    return data.decode(page, errors="replace")


def _told(data: bytearray, encoding: str, name: str, problems: list[Problem]) -> str:
    text = data.decode(encoding, errors="replace")
    if bad := text.count("\ufffd"):
        line = text.count("\n", 0, text.index("\ufffd")) + 1
        problems.append(
            Problem(
                f"{name}:{line}",
                f"{bad} characters are no {encoding.upper()} and are shown as \ufffd, the first on this line",
                rejected=False,
            )
        )
    return text


def _code_page(data: bytearray, first: int) -> str:
    """Guess by the beginning and by what stands around the first byte that is no UTF-8."""
    # A slow import that most files do not need.
    from charset_normalizer import from_bytes

    sample = data[:_SAMPLE] if first < _SAMPLE // 2 else data[first - _SAMPLE // 2 : first + _SAMPLE // 2]
    matches = from_bytes(bytes(sample), cp_isolation=_CODE_PAGES)
    best = matches.best()
    if best is None or best.encoding not in _CODE_PAGES:
        page = "cp1252"
    else:
        # Western and Central European pages differ in few letters: where both are plausible, the wider spread one.
        western = any("cp1252" in match.could_be_from_charset and match.chaos <= best.chaos for match in matches)
        page = "cp1252" if western else best.encoding
    # The library takes every page of single bytes for plausible, old Macs' in place of cp1252 as well.
    letters = data[first - first % _SAMPLE : first + _LETTERS_WITHIN]
    mac = page in _EUROPEAN and len(_MAC_LETTER.findall(letters)) > len(_WESTERN_LETTER.findall(letters))
    return "mac_roman" if mac else page
