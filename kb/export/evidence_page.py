"""A self-contained HTML page of answers with their figures: to read, to print, to send."""

from functools import cache
from pathlib import Path
from typing import TextIO

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from kb.evidence.harms import harms_of
from kb.export.forest import forest
from kb.export.numbers import number, printed
from kb.questions.collection import Collection


def write_evidence_page(collection: Collection, title: str, out: TextIO) -> None:
    """Write the page piece by piece, so that thousands of answers need no second copy in memory."""
    names = {id: study.name for id, study in collection.studies.items()}
    parts = {"names": names, "forest": forest, "number": number, "printed": printed, "harms_of": harms_of}
    out.writelines(_template().generate(collection=collection, title=title, **parts))


@cache
def _template() -> Template:
    folder = Path(__file__).parent / "templates"
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("evidence.html")
