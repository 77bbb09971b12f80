"""The templates, and what all pages know."""

from pathlib import Path
from typing import Any

from starlette.templating import Jinja2Templates

from kb.export.numbers import number, printed

#: The folders of what is shown.
API = Path(__file__).parents[1]
STATIC = API / "static"
EXAMPLES = API / "examples"

templates = Jinja2Templates(directory=API / "templates")
# Jinja gives its filters no types.
environment: Any = templates.env
environment.filters.update(number=number, printed=printed)
