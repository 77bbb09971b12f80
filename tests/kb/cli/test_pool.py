"""``kb pool``: a file of studies in, a pooled estimate out, or every row that stands in the way."""

import os
from math import log, sqrt
from pathlib import Path

import pytest

from kb.evidence.pooling import pool
from tests.kb.cli.command import Ran, kb

ESTIMATES = "study,yi,vi\nAble 2001,1,1\nBaker 2002,2,1\nCole 2003,6,1\n"
FIGURES = {
    "k", "estimate", "se", "ciLow", "ciHigh", "tau2", "i2", "q", "qP", "predictionLow", "predictionHigh", "leaveOneOut",
}  # fmt: skip


def run(folder: Path, text: str | bytes, *arguments: str) -> Ran:
    """Pool a file of this content, without any store."""
    file = folder / "studies.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return kb({"PATH": os.environ["PATH"], "COLUMNS": "120"}, "pool", file, *arguments)


def test_estimates_and_variances_are_pooled_and_each_study_left_out(tmp_path: Path):
    ran = run(tmp_path, ESTIMATES, "--json")
    assert ran.code == 0, ran.err
    found = ran.json
    assert set(found) >= FIGURES
    # Worked out by hand in the tests of pooling: mean 3, τ² 6, Q 14.
    assert (found["k"], found["estimate"], found["tau2"]) == (3, pytest.approx(3), pytest.approx(6))
    assert (found["q"], found["se"], found["method"]) == (pytest.approx(14), pytest.approx(sqrt(7 / 3)), "REML")
    assert [one["without"] for one in found["leaveOneOut"]] == ["Able 2001", "Baker 2002", "Cole 2003"]
    assert [one["estimate"] for one in found["leaveOneOut"]] == pytest.approx([4, 3.5, 1.5])
    assert found["notes"] == []


def test_options_choose_the_method_and_the_interval(tmp_path: Path):
    fixed = run(tmp_path, ESTIMATES, "--method", "FE", "--knapp-hartung", "--json").json
    # t with two degrees of freedom, printed tables.
    assert fixed["ciHigh"] == pytest.approx(3 + 4.30265 * sqrt(7 / 3), rel=1e-5)
    assert (fixed["method"], fixed["knappHartung"], fixed["predictionLow"]) == ("FE", True, None)


def test_the_table_shows_the_pool_its_heterogeneity_and_every_study(tmp_path: Path):
    ran = run(tmp_path, ESTIMATES, "--knapp-hartung")
    assert ran.code == 0, ran.err
    assert "3 studies, REML, Hartung–Knapp interval of 95 %" in ran.out
    for shown in ("Able 2001", "τ²", "I²", "prediction for a new study", "85.71", "pool without it"):
        assert shown in ran.out


def test_standard_errors_other_columns_blank_lines_and_a_byte_order_mark_are_fine(tmp_path: Path):
    text = '﻿note, YI ,sei\n"a, b",1,1\n\n,2,1\n,,\n,6,1\n'
    found = run(tmp_path, text, "--json").json
    assert (found["k"], found["estimate"]) == (3, pytest.approx(3))
    assert [one["without"] for one in found["leaveOneOut"]] == ["line 2", "line 4", "line 6"]


def test_means_of_two_arms(tmp_path: Path):
    text = "study,m1,sd1,n1,m2,sd2,n2\nA,10,2,5,8,4,10\nB,3,1,20,2.5,1,20\n"
    found = run(tmp_path, text, "--measure", "MD", "--method", "FE", "--json").json
    # 2 with variance 4/5 + 16/10, and 1/2 with 1/10.
    assert [one["variance"] for one in found["studies"]] == pytest.approx([2.4, 0.1])
    assert found["estimate"] == pytest.approx((2 / 2.4 + 0.5 / 0.1) / (1 / 2.4 + 1 / 0.1))
    assert run(tmp_path, text, "--measure", "SMD", "--json").json["measure"] == "SMD"


def test_events_of_two_arms_are_pooled_as_logarithms_and_shown_as_ratios(tmp_path: Path):
    text = "study,events1,n1,events2,n2\nA,10,20,5,20\nB,10,20,5,20\nC,0,10,3,10\n"
    found = run(tmp_path, text, "--measure", "RR", "--json").json
    assert found["scale"] == "log risk ratio"
    assert found["studies"][0]["estimate"] == pytest.approx(log(2))
    assert [one["corrected"] for one in found["studies"]] == [False, False, True]
    assert any("½" in note and "C" in note for note in found["notes"])
    same = run(tmp_path, "study,events1,n1,events2,n2\nA,10,20,5,20\nA,10,20,5,20\n", "--measure", "RR")
    assert "as RR" in same.out
    assert "In more than one row, and counted as independent: A." in same.out


def test_numbers_that_were_not_used_are_named(tmp_path: Path):
    text = "study,yi,vi,m1,sd1,n1,m2,sd2,n2\nA,0.2,0.1,3,2,40,4,2,41\nB,0.2,0.1,3,2,40,4,2,41\n"
    given = run(tmp_path, text, "--json").json
    assert (given["estimate"], given["notes"][0]) == (
        pytest.approx(0.2),
        "Columns with numbers that were not used: m1, sd1, n1, m2, sd2, n2.",
    )
    made = run(tmp_path, text, "--measure", "MD", "--json").json
    assert (made["estimate"], made["notes"][0]) == (
        pytest.approx(-1),
        "Columns with numbers that were not used: yi, vi.",
    )


def test_the_minus_sign_of_a_page_is_read(tmp_path: Path):
    found = run(tmp_path, "yi,vi\n−1,1\n−3,1e−0\n", "--method", "FE", "--json").json
    assert found["estimate"] == pytest.approx(-2)


@pytest.mark.parametrize("mark", [";", "\t"])
def test_tables_of_spreadsheets_with_decimal_commas_are_read(tmp_path: Path, mark: str):
    english = "study,yi,vi\nAble 2001,0.5,0.25\nBaker 2002,-1.5,0.5\nCole 2003,2,1e0\n"
    theirs = english.replace(",", mark).replace(".", ",").replace("\n", "\r\n")
    assert run(tmp_path, theirs, "--json").json == run(tmp_path, english, "--json").json
    wrong = run(tmp_path, f"study{mark}yi{mark}vi\nA{mark}0,5{mark}1.000,5\nB{mark}1\n")
    assert wrong.code == 1
    assert "vi is '1.000,5', which is no number" in wrong.err, "it is shown as it stands"
    assert f"Check the {'semicolons' if mark == ';' else 'tabs'}" in wrong.err


def test_every_bad_row_is_named_and_nothing_is_computed(tmp_path: Path):
    text = (
        "study,yi,vi\nA,0.1,0.2\nB,,0.2\nC,0.3,0\nD,0.3,-1\nE,nan,1\n"
        'F,"0,5",1\nG,1\n"H\nH",1,1\nI,1,NA\nJ,1,1e-300\nK,1_0,1\n'
    )
    ran = run(tmp_path, text)
    file = tmp_path / "studies.csv"
    assert (ran.code, ran.out) == (1, "")
    told = [line for line in ran.err.splitlines() if line.startswith(f"{file}:")]
    assert [int(line.split(":")[1]) for line in told] == [3, 4, 5, 6, 7, 8, 11, 12, 13]
    for part in ("yi is missing", "vi is 0", "vi is -1", "'nan'", "decimal point", "has 2 cells", "'NA'"):
        assert part in ran.err
    assert "Nothing was computed" in ran.err
    problems = run(tmp_path, text, "--json")
    assert (problems.code, len(problems.json["problems"])) == (1, 9)
    assert problems.json["problems"][0]["where"] == f"{file}:3"


def test_a_study_without_events_is_not_left_out_in_silence(tmp_path: Path):
    text = "study,events1,n1,events2,n2\nA,10,20,5,20\nB,0,20,0,20\nC,4.5,20,3,20\n"
    ran = run(tmp_path, text, "--measure", "OR")
    assert ran.code == 1
    assert "studies.csv has 2 problems." in ran.err
    assert "studies.csv has 1 problem." in run(tmp_path, text.replace("4.5", "4"), "--measure", "OR").err
    assert "studies.csv:3: Nobody in both arms had the event" in ran.err
    assert "studies.csv:4: events1 is 4.5; it counts people" in ran.err
    assert run(tmp_path, text.replace("4.5", "4"), "--measure", "RD", "--json").json["k"] == 3


@pytest.mark.parametrize(
    ("text", "arguments", "code", "told"),
    [
        ("", [], 1, "is empty"),
        ("yi,vi\n", [], 1, "a header and no study"),
        ("y;v\n1;1\n", [], 1, "has no column yi and vi"),
        ("yi,vi,sei\n1,1,1\n", [], 1, "both vi and sei"),
        ("yi,vi,vi\n1,1,1\n", [], 1, "two columns called vi"),
        ("yi,vi\n1,1\n", ["--measure", "RR"], 1, "has no column events1"),
        ("m1,sd1,n1,m2,sd2,n2\n1,1,9,1,1,9\n", [], 2, "--measure"),
        (b"study,yi,vi\nM\xfcller,1,1\n", [], 1, "studies.csv:2: is not UTF-8"),
        ('yi,vi\n1,1\n"1,1\n', [], 1, "studies.csv:3: is not CSV"),
        ("yi,vi\n1,1\n", ["--knapp-hartung"], 1, "at least two studies"),
        ("yi,vi\n1,1\n1,1e-60\n", [], 1, "too far apart"),
        ("yi,vi\n1,1\n", ["--method", "SJ"], 2, "SJ"),
        ("yi,vi\n1,1\n", ["--measure", "HR"], 2, "HR"),
    ],
)
def test_what_cannot_be_pooled_is_said_with_its_place(
    tmp_path: Path, text: str | bytes, arguments: list[str], code: int, told: str
):
    ran = run(tmp_path, text, *arguments)
    assert (ran.code, ran.out) == (code, ""), ran.err
    assert told in ran.err
    assert "Traceback" not in ran.err


def test_a_file_that_is_not_there_is_wrong_usage(tmp_path: Path):
    ran = kb({"PATH": os.environ["PATH"]}, "pool", tmp_path / "none.csv")
    assert (ran.code, "No such file" in ran.err) == (2, True)
    assert kb({"PATH": os.environ["PATH"]}, "pool", tmp_path).code == 2


def test_one_study_is_shown_with_dashes_for_what_cannot_be_known(tmp_path: Path):
    ran = run(tmp_path, "yi,vi\n0.5,0.04\n")
    assert ran.code == 0, ran.err
    assert "One study" in ran.out
    assert run(tmp_path, "yi,vi\n0.5,0.04\n", "--json").json["tau2"] is None


def test_the_command_prints_what_the_functions_compute(tmp_path: Path):
    yi, vi = [0.1, -0.3, 0.25, 0.6, 0.02], [0.01, 0.04, 0.02, 0.09, 0.015]
    text = "yi,vi\n" + "".join(f"{y},{v}\n" for y, v in zip(yi, vi, strict=True))
    found = run(tmp_path, text, "--method", "PM", "--knapp-hartung", "--json").json
    expected = pool(yi, vi, method="PM", knapp_hartung=True)
    assert found["ciLow"] == expected.pooled.ci_low
    assert found["predictionHigh"] == expected.prediction_high
    assert found["tau2High"] == expected.heterogeneity.tau2_high


def test_it_explains_itself():
    ran = kb({"PATH": os.environ["PATH"]}, "pool", "--help")
    assert ran.code == 0
    assert "Usage" in ran.out
