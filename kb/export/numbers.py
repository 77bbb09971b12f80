"""Numbers as they are read on a page: a minus sign, thousands apart, and no power of ten where a reader wants none."""


def number(value: float | None, digits: int = 3) -> str:
    """Return a computed number, rounded to so many significant digits; its whole part is kept. None is a dash."""
    if value is None:
        return "–"
    whole = value == int(value) or abs(value) >= 10**digits
    text = f"{value:,.0f}" if whole else f"{float(f'{value:.{digits}g}'):,g}"
    return text.replace("-", "−")


def printed(value: float | None) -> str:
    """Return a number that a report prints: all of its digits."""
    if value is None:
        return "–"
    return (f"{value:,.0f}" if value == int(value) else f"{value:,.15g}").replace("-", "−")
