"""The README says what is."""

import re
from pathlib import Path

from kb.cli.app import COMMANDS
from kb.settings import settings_table

CHECKOUT = Path(__file__).parents[1]
README = (CHECKOUT / "README.md").read_text(encoding="utf-8")


def test_every_setting_stands_in_the_readme_as_it_is_in_the_code() -> None:
    table = README.partition("<!-- settings -->\n")[2].partition("\n<!-- /settings -->")[0]
    assert table.strip() == settings_table()


def test_every_link_to_a_file_leads_somewhere() -> None:
    links = re.findall(r"\]\((?!https?://)([^)#]+)\)", README)
    assert links
    assert [link for link in links if not (CHECKOUT / link).exists()] == []


def test_every_command_it_shows_exists() -> None:
    shown = set(re.findall(r"^\$ kb (\w+)", README, re.MULTILINE)) | set(re.findall(r"&& kb (\w+)", README))
    assert shown <= {command.__name__ for command in COMMANDS}


def test_the_query_it_shows_is_the_first_example_in_short() -> None:
    query = README.partition("```graphql\n")[2].partition("```")[0]
    example = (CHECKOUT / "api" / "examples" / "1-therapies-with-evidence.graphql").read_text(encoding="utf-8")
    names = set(re.findall(r"\b[a-z]\w+", query))
    assert names <= set(re.findall(r"\b[a-z]\w+", example))
