"""Text of an element: inline markup and formulas written out, white space collapsed.

A raised or lowered number must not run into its neighbour: ``10<sup>-3</sup>`` is not 10-3, and a fraction's
numerator and denominator are not one number.
"""

from collections.abc import Iterator
from html.entities import html5
from typing import Any, Protocol

from loaders.one_line import one_line

# Nesting beyond this is no markup of a title or an abstract; it is read as plain text.
_DEEPEST = 60
_MATHML = "{http://www.w3.org/1998/Math/MathML}"


class Element(Protocol):
    """The part of lxml's element that this loader uses (lxml ships no types)."""

    tag: Any
    text: str | None
    tail: str | None

    def get(self, key: str, /) -> str | None: ...
    def __iter__(self) -> Iterator["Element"]: ...
    def __len__(self) -> int: ...
    def __getitem__(self, index: int, /) -> "Element": ...
    def iter(self, tag: str, /) -> Iterator["Element"]: ...
    def itertext(self) -> Iterator[str]: ...


def text_of(element: Element) -> str | None:
    """Return the text of an element on one line, or None where there is none."""
    text = _flow(element, 0) if len(element) else element.text
    if text is None or text.isalnum():
        return text
    return one_line(text) or None


def _flow(element: Element, depth: int) -> str:
    """Running text: markup falls away, raised and lowered numbers are kept apart."""
    if depth > _DEEPEST:
        return "".join(element.itertext())
    text = element.text or ""
    for child in element:
        text += _inline(child, text, depth) + (child.tail or "")
    return text


def _inline(child: Element, before: str, depth: int) -> str:
    if not isinstance(child.tag, str):
        return _entity(child)
    kind = _local(child)
    if kind in _RAISED or kind in _LOWERED:
        return _shifted(before, _flow(child, depth + 1), _RAISED.get(kind) or _LOWERED[kind])
    if kind == "math":
        return _formula(child, depth + 1)
    return _flow(child, depth + 1)


def _entity(reference: Element) -> str:
    """A reference such as &nbsp; that the file's document type would define; HTML knows the same names."""
    name = getattr(reference, "name", None)
    return html5.get(f"{name};", f"&{name};") if name else ""


_SUPERSCRIPT = str.maketrans("0123456789+-\u2010\u2011\u2012\u2013\u2212=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁻⁻⁻⁼⁽⁾")
_SUBSCRIPT = str.maketrans("0123456789+-\u2010\u2011\u2012\u2013\u2212=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₋₋₋₌₍₎")
_RAISED = {"sup": ("^", _SUPERSCRIPT)}
_LOWERED = {"sub": ("_", _SUBSCRIPT), "inf": ("_", _SUBSCRIPT)}
_SIGNS = "+-\u2010\u2011\u2012\u2013\u2212"


def _shifted(before: str, content: str, script: tuple[str, dict[int, int]], always: bool = False) -> str:
    """``10`` + ``-3`` → ``⁻³``; ``10`` + ``-0.5`` → ``^-0.5``; ``V`` + ``max`` → ``max`` (letters cannot mislead)."""
    mark, table = script
    bare = content.strip()
    if bare and all(ord(sign) in table for sign in bare):
        return content.translate(table)
    misleading = before[-1:].isdigit() and (bare[:1].isdigit() or bare[:1] in _SIGNS)
    return f"{mark}{_group(bare)}" if bare and (always or misleading) else content


def _group(text: str) -> str:
    """In brackets, if it is more than one number or name."""
    bare = text.lstrip(_SIGNS)
    return text if bare.replace(".", "").isalnum() or len(text) == 1 else f"({text})"


def _local(element: Element) -> str:
    tag: str = element.tag
    return tag.removeprefix(_MATHML).rpartition(":")[2]


def _formula(element: Element, depth: int) -> str:
    """A MathML element in one line: ``a/b``, ``√(x+1)``, ``η_p²``. Blanks between the elements mean nothing."""
    if depth > _DEEPEST:
        return "".join(element.itertext())
    if not isinstance(element.tag, str):
        return _entity(element)
    kind = _local(element)
    if kind in ("mi", "mn", "mo", "mtext", "ms"):
        return " ".join(_flow(element, depth + 1).split()) or " " * (kind == "mtext")
    if kind in ("annotation", "annotation-xml", "none", "mprescripts"):
        return ""
    parts = [_formula(child, depth + 1) for child in element]
    return _layout(kind, parts, element)


def _layout(kind: str, parts: list[str], element: Element) -> str:
    raised, lowered = ("^", _SUPERSCRIPT), ("_", _SUBSCRIPT)
    match kind, parts:
        case "mfrac", [above, below]:
            return f"{_group(above)}/{_group(below)}"
        case "msqrt", _:
            return "√" + _group("".join(parts))
        case "mroot", [base, degree]:
            return _shifted("", degree, raised, always=True) + "√" + _group(base)
        case "msup", [base, above]:
            return base + _shifted(base, above, raised, always=True)
        case (("msub" | "munder"), [base, below]):
            return base + _shifted(base, below, lowered, always=True)
        case (("msubsup" | "munderover"), [base, below, above]):
            return base + _shifted(base, below, lowered, always=True) + _shifted(base, above, raised, always=True)
        case "mfenced", _:
            return (element.get("open") or "(") + ",".join(parts) + (element.get("close") or ")")
        case (("mtr" | "mlabeledtr"), _):
            return ", ".join(parts)
        case "mtable", _:
            return "; ".join(parts)
        case _:
            return "".join(parts)
