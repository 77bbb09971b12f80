"""Damaged files: cut, with bytes flipped, in wrong encodings, with lines moved. No crash, no hang, no half of a
record, and each problem has its place.

Every format of the registry is tested on its fixtures. ``--hypothesis-profile long`` searches for much longer.
"""

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loaders.registry import FORMATS
from tests.loaders.damage import BY_NAME, examined, good_files, name_of

FILES = [pytest.param(form, path, id=f"{form}:{name_of(path)}") for form, path in good_files()]
OWN = {form: [path for name, path in good_files() if name == form and "fixtures" in path.parts] for form in BY_NAME}
ENCODINGS = ("utf-16", "utf-16-le", "latin-1", "shift_jis")


def seeded(path: Path) -> random.Random:
    return random.Random(name_of(path))


@pytest.mark.parametrize(("form", "path"), FILES)
def test_a_file_that_breaks_off_anywhere_gives_whole_records(form: str, path: Path):
    content, chance = path.read_bytes(), seeded(path)
    whole, _ = examined(BY_NAME[form], content)
    for _ in range(20):
        records, _ = examined(BY_NAME[form], content[: chance.randrange(len(content) + 1)])
        assert len(records) <= len(whole)


@pytest.mark.parametrize(("form", "path"), FILES)
def test_flipped_bytes_cost_no_more_than_what_they_hit(form: str, path: Path):
    content, chance = path.read_bytes(), seeded(path)
    for count in (1, 1, 5, 50):
        damaged = bytearray(content)
        for _ in range(count):
            damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
        examined(BY_NAME[form], bytes(damaged))


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("form", BY_NAME)
def test_a_wrong_encoding_is_read_or_told(form: str, encoding: str):
    for path in OWN[form]:
        text = path.read_text(encoding="utf-8", errors="replace")
        whole, _ = examined(BY_NAME[form], text.encode())
        records, problems = examined(BY_NAME[form], text.encode(encoding, errors="replace"))
        assert records or problems or not whole


@pytest.mark.parametrize("form", BY_NAME)
@pytest.mark.parametrize("other", BY_NAME)
def test_a_file_of_another_format_is_no_trap(form: str, other: str):
    for path in OWN[other]:
        records, problems = examined(BY_NAME[form], path.read_bytes())
        assert records or problems


@st.composite
def damaged_lines(draw: st.DrawFn) -> tuple[str, bytes]:
    """Lines of a real file left out, doubled, moved, joined, or with a piece of text that none should have."""
    form = draw(st.sampled_from([form.name for form in FORMATS if OWN[form.name]]))
    lines = draw(st.sampled_from(OWN[form])).read_bytes().split(b"\n")[:400]
    for _ in range(draw(st.integers(1, 6))):
        at, to = draw(st.integers(0, len(lines) - 1)), draw(st.integers(0, len(lines) - 1))
        match draw(st.sampled_from(["left out", "doubled", "moved", "joined", "new"])):
            case "left out":
                lines[at] = b""
            case "doubled":
                lines.insert(to, lines[at])
            case "moved":
                lines[at], lines[to] = lines[to], lines[at]
            case "joined":
                cut = draw(st.integers(0, len(lines[at])))
                lines[at] = lines[at][:cut] + lines[to][cut:]
            case _:
                cut = draw(st.integers(0, len(lines[at])))
                new = draw(st.one_of(st.binary(max_size=8), st.text(max_size=8).map(lambda text: text.encode())))
                lines[at] = lines[at][:cut] + new + lines[at][cut:]
    return form, b"\n".join(lines)


@settings(
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
@given(damaged_lines())
def test_any_damage_to_lines_leaves_whole_records_and_located_problems(damaged: tuple[str, bytes]):
    form, content = damaged
    examined(BY_NAME[form], content)


@settings(deadline=None)
@given(
    st.sampled_from(sorted(BY_NAME)),
    st.one_of(st.binary(max_size=300), st.text(max_size=300).map(lambda text: text.encode())),
)
def test_anything_at_all_is_read_or_told(form: str, content: bytes):
    examined(BY_NAME[form], content)
