"""Settings: read from the environment alone, frozen, and explained when they are wrong."""

import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from kb.errors import ConfigurationError
from kb.settings import Settings, data_folder, settings_table


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in (line.split("`")[1] for line in settings_table().splitlines()[2:]):
        monkeypatch.delenv(variable, raising=False)


def test_without_a_uri_the_embedded_engine_is_used() -> None:
    settings = Settings()
    assert settings.neo4j_uri is None
    assert settings.home == data_folder()


def test_every_setting_is_read_from_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEO4J_URI", "neo4j+s://graph.example.org:7687")
    monkeypatch.setenv("NEO4J_PASSWORD", "secret")
    monkeypatch.setenv("KB_PORT", "9000")
    settings = Settings()
    assert settings.neo4j_uri == "neo4j+s://graph.example.org:7687"
    assert settings.port == 9000
    assert "secret" not in repr(settings)


def test_several_origins_stand_in_one_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KB_ORIGINS", "https://pain.example.org, http://localhost:3000 https://[::1]:8443,*")
    expected = ("https://pain.example.org", "http://localhost:3000", "https://[::1]:8443", "*")
    assert Settings().origins == expected


def test_an_empty_variable_is_no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEO4J_URI", "")
    assert Settings().neo4j_uri is None


def test_variables_of_the_system_are_not_taken_for_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("KB_PORT=1")
    for variable in ("HOST", "PORT", "WORKERS", "HOME", "USER"):
        monkeypatch.setenv(variable, "9")
    settings = Settings()
    assert (settings.host, settings.port, settings.workers) == ("127.0.0.1", 8000, 1)
    assert settings.home != tmp_path / "9"


def test_a_value_handed_in_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEO4J_URI", "bolt://elsewhere")
    assert Settings(neo4j_uri=None).neo4j_uri is None


def test_a_home_that_cannot_be_found_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="KB_HOME: begins with the home folder of a user that is not known"):
        Settings(home=Path("~nobody-of-this-name/data"))
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(ConfigurationError, match="KB_HOME: is relative to a folder that is gone"):
        Settings(home=Path("data"))


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the folder is found in another way")
def test_a_user_without_a_home_folder_is_told_to_name_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(_: int) -> None:
        raise KeyError

    for variable in ("HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr("pwd.getpwuid", unknown)
    with pytest.raises(ConfigurationError, match="no home folder") as raised:
        Settings()
    assert raised.value.hint == "Set KB_HOME to a folder for all data."


def test_a_relative_home_means_one_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KB_HOME", "data")
    assert Settings().home == tmp_path / "data"


def test_the_data_folder_follows_the_platform(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert data_folder() == tmp_path / "treatise"
    monkeypatch.setattr("sys.platform", "darwin")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert data_folder() == tmp_path / "Library" / "Application Support" / "treatise"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("KB_PORT", "eighty"),
        ("KB_PORT", "70000"),
        ("KB_WORKERS", "0"),
        ("KB_ENGINE_HEAP", "lots"),
        ("KB_QUERY_SECONDS", "-1"),
        ("KB_LOG_FORMAT", "xml"),
        ("NEO4J_URI", "http://localhost:7474"),
        ("NEO4J_URI", "localhost:7687"),
        ("NEO4J_URI", "bolt://neo4j:secret@localhost"),
        ("KB_ORIGINS", "pain.example.org"),
        ("KB_ORIGINS", "https://pain.example.org/"),
        ("KB_ORIGINS", "https://Pain.example.org"),
        ("KB_ORIGINS", "https://pain.example.org:443"),
        ("KB_ORIGINS", "https://*.example.org"),
        ("KB_ORIGINS", "https://u:secret@example.org"),
    ],
)
def test_a_wrong_value_is_explained_by_the_name_of_its_variable(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(ConfigurationError, match=variable) as wrong:
        Settings()
    assert "secret" not in str(wrong.value)
    assert wrong.value.exit_code == 2


def test_all_wrong_values_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KB_PORT", "x")
    monkeypatch.setenv("KB_WORKERS", "x")
    with pytest.raises(ConfigurationError, match=r"KB_PORT.*KB_WORKERS"):
        Settings()


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().port = 1  # pyright: ignore[reportAttributeAccessIssue]


def test_the_table_has_a_row_with_a_meaning_for_each_setting() -> None:
    head, line, *rows = settings_table().splitlines()
    assert (head, line) == ("| variable | default | meaning |", "|---|---|---|")
    assert len(rows) == len(Settings.model_fields)
    assert "| `KB_PORT` | `8000` | Port that `kb serve` listens on. |" in rows
    assert "| `KB_HOME` | the platform's data folder | Folder for all data of this user. |" in rows
    assert all(row.split("|")[3].strip().endswith(".") for row in rows)
