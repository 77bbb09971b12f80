"""The text of a file, whatever it was saved as."""

import io

import pytest

from loaders.encoding import read_text


def test_a_few_broken_bytes_do_not_spoil_the_accents_of_the_rest():
    text, problems = read_text(io.BytesIO("Ärzte über Schmerz: größer\n".encode() * 3 + b"bad \xff byte\n"), "file")
    assert text.startswith("Ärzte über")
    assert (problems[0].where, problems[0].rejected) == ("file:4", False)
    assert "1 characters are no UTF-8" in problems[0].message


@pytest.mark.parametrize(
    ("written", "page"),
    [
        ("Naïve façade: déjà vu in Besançon, où l'été fut très chaud", "cp1252"),
        ("TY  - JOUR\nAU  - Núñez, José\nTI  - Dolor crónico y sueño", "cp1252"),
        ("Badanie dotyczące leczenia bólu krzyża: średnio trzydzieści ćwiczeń, żółć i gęś", "cp1250"),
        ("TY  - JOUR\nAU  - Müller, Zoë\nTI  - Essai à Genève – “médullaire”", "mac_roman"),
        ("AU  - García, José\nTI  - Ensayo clínico sobre la neuralgia: por qué más años con estímulo", "mac_roman"),
        ("TI  - Le cœur et l’œil… d’après Ž. Šimon – 10 € l’un", "cp1252"),
        ("慢性疼痛の治療に関する研究", "shift_jis"),
        ("Боль в спине: рандомизированное исследование лечения", "cp1251"),
    ],
)
def test_a_code_page_is_guessed_and_told(written: str, page: str):
    text, problems = read_text(io.BytesIO(written.encode(page)), "file")
    assert text == written
    assert page in problems[0].message


def test_utf_8_is_never_guessed_at():
    written = "Боль, Schmerz für Ärzte, 痛み"
    assert read_text(io.BytesIO(b"\xef\xbb\xbf" + written.encode()), "file") == (written, [])


def test_line_ends_become_one_and_controls_blanks():
    assert read_text(io.BytesIO(b"a\r\nb\rc\x00\x0bd\n"), "file") == ("a\nb\nc  d\n", [])
