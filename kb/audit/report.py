"""The report: one self-contained page that an editor can read, print and send."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from kb.audit.audit import Audit, Level


def report_html(audit: Audit) -> str:
    """Return the report of an audit: escaped, without scripts, and without anything loaded from elsewhere."""
    return _template().render(audit=audit, plain=plain, note=Level.NOTE)


def plain(term: str) -> str:
    """Return a controlled term in plain letters."""
    return term.replace("_", " ").lower()


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("audit.html")
