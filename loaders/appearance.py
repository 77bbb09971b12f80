"""Appearance: what a source looks like, in words, for the person who handed in the wrong one."""

import re

from loaders.unpack import GZIP

# First bytes -> what the file is.
_MAGIC = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a zip archive (or an Office document)"),
    (GZIP, "a gzip file inside a gzip file, or a damaged one"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"SQLite format 3", "an SQLite database"),
)

# Byte order marks: UTF-8, UTF-16.
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")

# How a text begins -> what it is. The first that fits counts.
_TEXTS = (
    (r"(?:#[^\n]*\s+)*(?:_:\w+|<[a-z][a-z0-9+.-]*:[^<>\s]*>)\s+<[^<>\s]+>\s", "RDF (N-Triples or N-Quads)"),
    (r"(?:#[^\n]*\s+)*@?(?:prefix|base)\s+[\w-]*:?\s*<", "RDF (Turtle or TriG)"),
    (r"(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*(?:<!doctype\s+html|<html|<head|<body)", "an HTML page"),
    (r"[{\[]", "JSON"),
    (r"TY  ?- ", "RIS"),
    (r"PMID ?- ?\d", "PubMed's text format (MEDLINE, .nbib)"),
    (r"FN |PT [A-Z]\b", "a Web of Science export"),
    (r"@\w+\s*\{", "BibTeX"),
    (r"%[0A-Z] \S", "EndNote's tagged format (refer, .enw)"),
    (r"---\s|\w[\w-]*:\s", "YAML, or text with a colon"),
)

_ROOT = re.compile(r"<([A-Za-z_][\w.:-]*)(?:[\s/>]|$)")
_NO_ROOT = re.compile(r"<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL)


def appearance(head: bytes) -> str:
    """Return what the first bytes look like: ``an HTML page``, ``XML with the root <eSearchResult>``."""
    if not head:
        return "empty"
    if head in _MARKS:
        return "empty but for a byte order mark"
    if not head.strip(b"\0 \t\r\n"):
        return "nothing but blanks" if head.strip(b"\0") else "nothing but zero bytes"
    for magic, what in _MAGIC:
        if head.startswith(magic):
            return what
    text = decoded(head)
    if text is None:
        return "binary data"
    text = text.lstrip("\ufeff \t\r\n")
    if not text:
        return "nothing but blanks"
    for pattern, what in _TEXTS:
        if re.match(pattern, text, re.IGNORECASE | re.DOTALL):
            return what
    if text.startswith("<"):
        root = root_tag(text)
        return f"XML with the root <{root}>" if root else "XML without a root element at its beginning"
    line = " ".join(text[:200].split())
    return f"text that begins {line[:60]!r}"


def decoded(head: bytes) -> str | None:
    """Return the first bytes as text, or None if they are not text."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", errors="replace")
    if b"\0" in head:
        bare = head.replace(b"\0", b"")
        # UTF-16 without a byte order mark: every other byte of ASCII text is zero.
        return bare.decode("latin-1") if bare.startswith(b"<") and len(bare) * 2 <= len(head) + 1 else None
    return head.decode("utf-8", errors="replace")


def root_tag(text: str) -> str | None:
    """Return the name of the root element of an XML text, or None where it does not show (yet)."""
    match = _ROOT.search(_NO_ROOT.sub("", text))
    return match[1] if match else None
