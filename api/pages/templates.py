"""The templates, and what all pages know."""

from pathlib import Path

from starlette.templating import Jinja2Templates

#: The folders of what is shown.
API = Path(__file__).parents[1]
STATIC = API / "static"
EXAMPLES = API / "examples"

templates = Jinja2Templates(directory=API / "templates")
