"""The two engines that the suite runs on, both real: our embedded one and Neo4j Community.

Neo4j comes through Maven into a cache folder outside the checkout and is started with a
temporary home. `NEO4J_TEST_URI`, with `NEO4J_TEST_USERNAME` and `NEO4J_TEST_PASSWORD`, names an
existing server instead, whose database is EMPTIED. Without Java or Maven the tests on Neo4j are
skipped; with `REQUIRE_ALL=1` that is a failure.
"""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import pytest
from neo4j import GraphDatabase
from neo4j.exceptions import DriverError, Neo4jError
from pydantic import SecretStr

from kb.engine import ensure_engine, stop_engine
from kb.settings import Settings

VERSION = "5.26.30"
START_SECONDS = 120.0
CHECKOUT = Path(__file__).parent.parent

POM = f"""<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>treatise</groupId><artifactId>test-server</artifactId><version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.neo4j</groupId><artifactId>neo4j</artifactId><version>{VERSION}</version>
    </dependency>
    <dependency>
      <groupId>org.neo4j.app</groupId><artifactId>neo4j-server</artifactId>
      <version>{VERSION}</version>
    </dependency>
  </dependencies>
</project>
"""

CONFIGURATION = """server.bolt.listen_address=127.0.0.1:{port}
server.http.enabled=false
server.memory.pagecache.size=128m
db.tx_log.preallocate=false
dbms.usage_report.enabled=false
"""

OPENS = tuple(f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in ("java.nio", "java.io", "sun.nio.ch"))


def skip_or_fail(reason: str) -> NoReturn:
    """Skip a test for want of something on this machine; fail it where all must run."""
    if os.environ.get("REQUIRE_ALL") == "1":
        pytest.fail(f"{reason} (REQUIRE_ALL=1)")
    pytest.skip(reason)


@contextmanager
def embedded(home: Path) -> Generator[Settings]:
    """Settings of an embedded engine that runs for the length of the block, and no longer."""
    settings = Settings(home=home, neo4j_uri=None, engine_heap="512m")
    engine = ensure_engine(settings, tied=True)
    try:
        yield settings
    finally:
        stop_engine(settings)
        if engine.tie is not None:
            engine.tie.close()


def address_of(server: Settings) -> tuple[str, tuple[str, str]]:
    """Where a driver of a test's own finds a Neo4j server: its address, and the user with the password."""
    assert server.neo4j_uri is not None
    assert server.neo4j_password is not None
    return server.neo4j_uri, (server.neo4j_username, server.neo4j_password.get_secret_value())


@contextmanager
def neo4j(home: Path) -> Generator[Settings]:
    """Settings of a Neo4j server that runs for the length of the block, and no longer."""
    given = os.environ.get("NEO4J_TEST_URI")
    if given:
        username = os.environ.get("NEO4J_TEST_USERNAME", "neo4j")
        yield _settings(home, given, os.environ.get("NEO4J_TEST_PASSWORD", ""), username)
        return
    port, password = free_port(), secrets.token_urlsafe(16)
    server = _start(_jars(), home / "server", port)
    try:
        uri = f"bolt://127.0.0.1:{port}"
        _set_password(server, uri, password, home / "server" / "logs" / "neo4j.log")
        yield _settings(home, uri, password)
    finally:
        assert server.stdin is not None
        server.stdin.close()
        server.wait(30)


def free_port() -> int:
    """A loopback port that is free at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _settings(home: Path, uri: str, password: str, username: str = "neo4j") -> Settings:
    return Settings(home=home, neo4j_uri=uri, neo4j_username=username, neo4j_password=SecretStr(password))


def _jars() -> Path:
    """The folder of the server's jars, fetched at the first use on a machine."""
    if shutil.which("java") is None:
        skip_or_fail("There is no Java, which the Neo4j test server needs")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "treatise"
    jars = cache / f"neo4j-{VERSION}" / "lib"
    if jars.is_dir():
        return jars
    if shutil.which("mvn") is None:
        skip_or_fail("There is no Maven, which fetches the Neo4j test server")
    jars.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=jars.parent) as work:
        (Path(work) / "pom.xml").write_text(POM)
        copy = ("dependency:copy-dependencies", "-DincludeScope=runtime", "-DoutputDirectory=lib")
        fetched = subprocess.run(("mvn", "-q", "-B", *copy), cwd=work, capture_output=True)
        if fetched.returncode != 0:
            skip_or_fail("Maven could not fetch the Neo4j test server")
        try:
            (Path(work) / "lib").rename(jars)  # whole or not at all
        except OSError:
            if not jars.is_dir():  # else another run was faster
                raise
    return jars


def _start(jars: Path, home: Path, port: int) -> subprocess.Popen[bytes]:
    configuration = home / "conf"
    configuration.mkdir(parents=True)
    (configuration / "neo4j.conf").write_text(CONFIGURATION.format(port=port))
    command = ["java", "-cp", f"{jars}/*", "-Xms128m", "-Xmx768m", "-XX:+UseSerialGC", *OPENS]
    # A short run never earns back what the optimising compiler costs.
    command += ["-XX:TieredStopAtLevel=1"]
    command += ["-Dlog4j2.disable.jmx=true", "org.neo4j.server.CommunityEntryPoint"]
    command += [f"--home-dir={home}", f"--config-dir={configuration}"]
    return subprocess.Popen(
        [sys.executable, "-m", "tests.tied", *command],
        cwd=CHECKOUT,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is for pytest, which then closes the tie
    )


def _set_password(server: subprocess.Popen[bytes], uri: str, password: str, log: Path) -> None:
    """Wait until the server answers, and replace the password that it comes with."""
    graph: Any = GraphDatabase
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            # No retries of the driver's own: its pauses grow, and the server comes in between.
            first = ("neo4j", "neo4j")
            with graph.driver(uri, auth=first, max_transaction_retry_time=0) as driver:
                driver.execute_query(
                    "ALTER CURRENT USER SET PASSWORD FROM 'neo4j' TO $new",
                    new=password,
                    database_="system",
                )
            return
        except (DriverError, Neo4jError):  # the second kind while its databases still open
            if server.poll() is not None or time.monotonic() > until:
                told = log.read_text()[-2000:] if log.exists() else "no log"
                raise RuntimeError(f"The Neo4j test server did not start:\n{told}") from None
            time.sleep(0.2)
