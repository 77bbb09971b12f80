"""Settings: one frozen object, read from the environment and from nowhere else."""

import getpass
import os
import re
import sys
from pathlib import Path
from typing import Any, ClassVar, Literal, Self, cast
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic.config import JsonDict
from pydantic.fields import FieldInfo

from kb.errors import ConfigurationError

#: A web origin as a browser writes it in ``Origin`` (RFC 6454, 6.2).
ORIGIN = re.compile(
    r"(?!https://.*:443$)(?!http://.*:80$)https?://([a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:]+\])(:[1-9][0-9]{0,4})?"
)

BOLT_SCHEMES = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")


def data_folder() -> Path:
    """Where this system keeps a user's data: XDG, Application Support or AppData. Raises ConfigurationError."""
    try:
        return _data_folder()
    except RuntimeError:  # a process of an account that the system does not know, in a container
        raise ConfigurationError("This user has no home folder.", "Set KB_HOME to a folder for all data.") from None


def _data_folder() -> Path:
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "treatise"


def account_name() -> str:
    """The operating system's name of this user; a container may have none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def _from(name: str, meaning: str, default: Any, shown: str = "", **limits: Any) -> Any:
    """A field read from the environment variable `name`; `shown` words a computed default."""
    limits["default_factory" if callable(default) else "default"] = default
    extra: JsonDict = {"shown": shown}
    return Field(validation_alias=name, description=meaning, json_schema_extra=extra, **limits)


class Settings(BaseModel):
    """What a run may be told. `Settings(home=…)` overrides; raises ConfigurationError."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        frozen=True, extra="forbid", validate_by_name=True, validate_default=True
    )

    home: Path = _from("KB_HOME", "Folder for all data of this user.", data_folder, "the platform's data folder")
    neo4j_uri: str | None = _from("NEO4J_URI", "Neo4j server to use; empty means the embedded engine.", None)
    neo4j_username: str = _from("NEO4J_USERNAME", "User name at that server.", "neo4j")
    neo4j_password: SecretStr | None = _from("NEO4J_PASSWORD", "Password at that server.", None)
    neo4j_database: str = _from("NEO4J_DATABASE", "Database at that server.", "neo4j")
    engine_heap: str = _from(
        "KB_ENGINE_HEAP",
        "Memory of the embedded engine, such as `512m` or `2g`.",
        "1g",
        pattern=r"^[1-9][0-9]*[mgMG]$",
    )
    engine_idle_seconds: float = _from(
        "KB_ENGINE_IDLE_SECONDS", "The embedded engine stops when unused for so long.", 900, gt=0
    )
    engine_start_seconds: float = _from(
        "KB_ENGINE_START_SECONDS", "How long to wait for the embedded engine to start.", 60, gt=0
    )
    query_seconds: float = _from("KB_QUERY_SECONDS", "Time limit of one statement in the graph.", 20, gt=0)
    host: str = _from("KB_HOST", "Address that `kb serve` listens on.", "127.0.0.1")
    port: int = _from("KB_PORT", "Port that `kb serve` listens on.", 8000, ge=0, le=65535)
    workers: int = _from("KB_WORKERS", "Processes that `kb serve` runs.", 1, ge=1)
    origins: tuple[str, ...] = _from(
        "KB_ORIGINS",
        "Sites whose pages may ask `/graphql` in a browser, such as `https://example.org`, with spaces between; "
        "`*` is every site.",
        (),
    )
    webhooks_private: bool = _from(
        "KB_WEBHOOKS_PRIVATE", "Whether webhooks may go to this machine, to private networks and over `http`.", False
    )
    log_format: Literal["text", "json"] = _from("KB_LOG_FORMAT", "Log lines as `text` or `json`.", "text")
    contact: str | None = _from(
        "KB_CONTACT", "E-mail address that PubMed and Crossref are told, as they ask for.", None, pattern=r"^\S+@\S+$"
    )
    ncbi_api_key: SecretStr | None = _from("NCBI_API_KEY", "NCBI's key: ten requests a second instead of three.", None)
    offline: bool = _from("KB_OFFLINE", "Ask no source over the network.", False)
    pubmed_url: str | None = _from("KB_PUBMED_URL", "A mirror of PubMed's E-utilities.", None)
    pmc_ids_url: str | None = _from("KB_PMC_IDS_URL", "A mirror of the PMC ID converter.", None)
    crossref_url: str | None = _from("KB_CROSSREF_URL", "A mirror of Crossref's REST API.", None)
    europe_pmc_url: str | None = _from("KB_EUROPE_PMC_URL", "A mirror of Europe PMC's REST API.", None)
    clinicaltrials_url: str | None = _from("KB_CLINICALTRIALS_URL", "A mirror of ClinicalTrials.gov's API.", None)
    user: str = _from("KB_USER", "Who loads, reviews and publishes.", account_name, "the system's user name")

    @field_validator("home")
    @classmethod
    def _absolute(cls, home: Path) -> Path:
        # The engine runs in another working folder, so a relative path would mean two places.
        try:
            return Path(os.path.abspath(home.expanduser()))
        except RuntimeError:
            raise ValueError("begins with the home folder of a user that is not known") from None
        except FileNotFoundError:
            raise ValueError("is relative to a folder that is gone") from None

    @field_validator("origins", mode="before")
    @classmethod
    def _split(cls, origins: object) -> object:
        return tuple(re.split(r"[\s,]+", origins.strip(" ,"))) if isinstance(origins, str) else origins

    @field_validator("origins")
    @classmethod
    def _origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        # Compared with what browsers send, letter by letter: without a path, in lower case, without the usual port.
        for origin in origins:
            if origin != "*" and not ORIGIN.fullmatch(origin):
                raise ValueError("must be origins as browsers send them, such as https://example.org, or *")
        return origins

    @field_validator("neo4j_uri")
    @classmethod
    def _bolt(cls, uri: str | None) -> str | None:
        if uri is None:
            return None
        parts = urlsplit(uri)
        if parts.scheme not in BOLT_SCHEMES or not parts.hostname:
            raise ValueError(f"must be {', '.join(BOLT_SCHEMES)}, then ://, a host and a port")
        if parts.username or parts.password:
            raise ValueError("must not hold a password; use NEO4J_USERNAME and NEO4J_PASSWORD")
        return uri

    @model_validator(mode="wrap")
    @classmethod
    def _read(cls, values: dict[str, Any], handler: ModelWrapValidatorHandler[Self]) -> Self:
        environment = {
            name: value for name, field in cls.model_fields.items() if (value := os.environ.get(env_name(field)))
        }
        try:
            return handler(environment | values)
        except ValidationError as wrong:
            raise ConfigurationError(*_explain(wrong)) from None


def _explain(wrong: ValidationError) -> tuple[str, str]:
    """Message and hint for every bad value at once. Never repeats a value: it may be a secret."""
    named = {name: env_name(field) for name, field in Settings.model_fields.items()}
    found: list[str] = []
    for error in wrong.errors(include_url=False, include_input=False):
        place = str(error["loc"][0]) if error["loc"] else "the settings"
        reason = error["msg"].removeprefix("Value error, ")
        found.append(f"{named.get(place, place)}: {reason[:1].lower()}{reason[1:]}")
    return (
        f"Settings cannot be used: {'; '.join(found)}.",
        "Change or unset the environment variable; README.md lists them all.",
    )


def env_name(field: FieldInfo) -> str:
    """The environment variable that a field of Settings is read from."""
    return str(field.validation_alias)


def settings_table() -> str:
    """All settings as a Markdown table: environment variable, default, meaning."""
    rows = ["| variable | default | meaning |", "|---|---|---|"]
    for field in Settings.model_fields.values():
        extra = cast(dict[str, str], field.json_schema_extra)
        plain = "" if field.default in (None, ()) else f"`{field.default}`"
        default = extra["shown"] or plain
        rows.append(f"| `{env_name(field)}` | {default} | {field.description} |")
    return "\n".join(rows)
