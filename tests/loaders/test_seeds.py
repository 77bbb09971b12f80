"""Seeds: good files give records, bad ones give every fault with its line and what to do."""

import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from loaders.seeds import VERSION, check, detect, parse
from loaders.seeds.nodes import Mapping, Node, Sequence
from loaders.seeds.reading import compose, split
from schema.citation import Citation
from schema.finding import Finding
from schema.organization import Organization
from schema.parsed import Parsed, Problem
from schema.study import Study

FIXTURES = Path(__file__).parents[1] / "fixtures" / "seeds"
SEEDS = sorted((Path(__file__).parents[2] / "seeds").rglob("*.yaml"))


def load(name: str) -> tuple[list[Parsed], list[Problem]]:
    """Return what a fixture gives."""
    return read((FIXTURES / name).read_bytes(), name)


def read(content: bytes, name: str = "x.yaml") -> tuple[list[Parsed], list[Problem]]:
    """Return the records and the problems of a content."""
    items = list(parse(io.BytesIO(content), name))
    return [x for x in items if isinstance(x, Parsed)], [x for x in items if isinstance(x, Problem)]


def ids(records: list[Parsed]) -> list[str]:
    """Return the ids of records."""
    return [item.record.id for item in records]


def test_a_good_file_loads_whole_and_fits_together() -> None:
    records, problems = load("good.yaml")
    assert problems == []
    assert check(records) == []
    assert [item.record.label for item in records] == [
        "Therapy", "Therapy", "Condition", "Comparator", "Outcome", "Citation", "Study", "Finding",
    ]  # fmt: skip
    assert records[1].where == "good.yaml:7"
    assert VERSION == "1"


def test_a_study_tells_all_its_findings_unless_one_of_them_cannot_be_read() -> None:
    content = (FIXTURES / "good.yaml").read_bytes()
    records, _ = read(content)
    assert records[-2].parts == {("Finding", records[-1].record.id)}
    assert {item.parts for item in records if not isinstance(item.record, Study)} == {None}
    records, problems = read(content.replace(b"favours: INTERVENTION", b"favours: THERAPY"))
    assert len(problems) == 1
    assert records[-1].record.label == "Study"
    assert records[-1].parts is None


def test_nesting_is_undone_and_ids_are_derived() -> None:
    records, _ = load("good.yaml")
    citation, study, finding = (item.record for item in records[-3:])
    assert isinstance(citation, Citation)
    assert isinstance(study, Study)
    assert isinstance(finding, Finding)
    assert citation.id == "pmid:12345678"
    assert citation.doi == "10.1000/abc"
    assert citation.title == "A trial of stimulation: the first report"
    assert [author.name for author in citation.authors] == ["van Gorp EJJAA"]
    assert not citation.authors_complete
    assert study.citations == ("pmid:12345678",)
    assert study.harms[0].citation == study.readings[0].citation == citation.id
    assert (finding.study, finding.citation) == ("example2020", "pmid:12345678")
    assert finding.effect
    assert finding.effect.p == "0.030"  # as printed, not 0.03


def test_a_study_with_two_reports_says_which_one_each_result_is_from() -> None:
    records, problems = load("two_reports.yaml")
    assert ids(records)[:3] == ["pmid:1", "local:twice2021", "twice2019"]
    assert len({item.record.id for item in records if isinstance(item.record, Finding)}) == 2
    first = records[0].record
    assert isinstance(first, Citation)
    assert first.authors[0].collective == "WHO Study Group"
    assert [(p.where, p.message) for p in problems] == [
        ("two_reports.yaml:13", "the study has no report ''; 'citation' must be one of pmid:1, local:twice2021")
    ]


def test_every_fault_of_a_file_is_told_at_once_and_the_good_entries_load() -> None:
    records, problems = load("bad_fields.yaml")
    assert ids(records) == ["good-one", "last-one"]
    told = {problem.where.removeprefix("bad_fields.yaml:"): problem.message for problem in problems}
    assert "unknown field 'sentense'; did you mean 'sentence'?" in told["9"]
    assert told["6"] == "sentence is missing; give it"
    assert "use lower-case letters, digits and single hyphens" in told["10"]
    assert "kind must be 'DEVICE', 'PROCEDURE'" in told["12"]
    assert told["12"].endswith("not 'GADGET'")
    assert "name: input should be a valid string" in told["15"]
    assert told["20"] == "name stands twice, first on line 19; keep one"
    assert told["23"] == "Therapy good-one is already at bad_fields.yaml:2; keep one of the two"
    assert "must hold fields" in told["27"]
    assert "no anchors and aliases; write the value out" in told["29"]
    assert told["33"] == "a tab in the indentation; indent with spaces"
    assert "not valid YAML" in told["37"] or "not valid YAML" in told["38"]
    assert all(problem.rejected for problem in problems)


def test_faults_of_one_line_are_told_in_the_order_in_which_they_were_found() -> None:
    _, problems = read(
        b"therapies: [{id: x y, name: X, kind: NONE, sentence: S., broader: [1 2], colour: red, size: 2}]"
    )
    told = ("id: 'x y'", "kind must be", "broader.0: '1 2'", "unknown field 'colour'", "unknown field 'size'")
    assert [one.message[: len(start)] for one, start in zip(problems, told, strict=True)] == list(told)


def test_numbers_that_cannot_be_are_refused_and_a_finding_goes_with_its_study_told_once() -> None:
    records, problems = load("bad_study.yaml")
    told = {problem.where.removeprefix("bad_study.yaml:"): problem.message for problem in problems}
    assert "arms.0.n: input should be greater than or equal to 0, not '-5'" in told["13"]
    assert "interval without its estimate; give the estimate" in told["18"]
    assert "interval 1.0 to 2.0 does not contain its estimate 5.0" in told["23"]
    assert "cannot be told from the one on line 29" in told["33"]
    assert "a finding needs a therapy or a marker" in told["37"]
    assert "year 2099 is in the future; give the year in print, or leave it out" in told["46"]
    assert told["40"] == "2 findings of study future2020 were left out with it"
    assert "no identifier; give pmid, doi or pmcid, or a 'local:' key" in told["54"]
    assert "design must be 'RCT', " in told["57"]
    assert told["55"] == "1 findings of study design2020 were left out with it"
    assert ids([item for item in records if isinstance(item.record, Study)]) == ["numbers2020"]
    assert len([item for item in records if isinstance(item.record, Finding)]) == 1


def test_an_unknown_top_level_key_is_told_with_the_nearest_known_one() -> None:
    records, problems = load("bad_top.yaml")
    assert ids(records) == ["back-pain"]
    (problem,) = problems
    assert problem.where == "bad_top.yaml:2"
    assert "unknown top-level key 'therapys'; did you mean 'therapies'?" in problem.message
    assert "studies, therapies" in problem.message


def test_records_that_do_not_fit_together_are_told_with_file_and_line() -> None:
    records, problems = load("do_not_fit.yaml")
    assert problems == []
    told = [f"{problem.where} {problem.message}" for problem in check(records)]
    assert told == [
        "do_not_fit.yaml:14 Outcome pain: broader names Outcome 'pian', which no file defines; did you mean 'pain'?",
        "do_not_fit.yaml:16 Study example2020: therapies names Therapy 'sc', which no file defines; "
        "did you mean 'scs'?",
        "do_not_fit.yaml:16 Study example2020: harms.outcome names Outcome 'infections', which no file defines",
        "do_not_fit.yaml:16 harm cites pmid:6; the study's reports are pmid:5",
        "do_not_fit.yaml:2 Therapy scs is broader than itself; cut the circle in 'broader'",
        "do_not_fit.yaml:7 Therapy drg is broader than itself; cut the circle in 'broader'",
        "do_not_fit.yaml:7 Therapy drg: the name 'spinal-cord STIMULATION' belongs to scs (do_not_fit.yaml:2) as well; "
        "keep it in one of the two, or in neither where it is ambiguous",
    ]


@pytest.mark.parametrize(
    ("content", "where", "message"),
    [
        (b"", "x.yaml:1", "the file is empty; begin with a top-level key"),
        (b"\n  \n", "x.yaml:1", "the file is empty"),
        (b"- 1\n- 2\n", "x.yaml:1", "the file is no mapping"),
        (b"just text", "x.yaml:1", "the file is no mapping"),
        (b"therapies: scs\n", "x.yaml:1", "therapies must be a list"),
        ("therapies:\n- id: caf\u00e9\n".encode("latin-1"), "x.yaml:2", "(byte 0xe9); save the file as UTF-8"),
        ("therapies:\n- id: a\n".encode("utf-16"), "x.yaml:1", "not UTF-8"),
        (b"therapies:\n- id: " + b"a" * 50_000_000, "x.yaml:2", "the line has 50,000,006 characters"),
        (b"therapies:\n- " + b"[" * 90_000, "x.yaml:2", ""),
        (b"therapies:\n- id: a\x00b\n", "x.yaml:2", "not valid YAML"),
        (b"therapies:\n- !!python/object:os.system {}\n", "x.yaml:2", "seeds use no tags"),
        (b"organizations:\n- {id: a, name: !upper x}\n", "x.yaml:2", "seeds use no tags"),
        (b"citations:\n- {title: A, local: Not Good}\n", "x.yaml:2", "use lower-case letters, digits"),
        (b"citations:\n- {title: A, id: 'pmid:1', pmid: '1'}\n", "x.yaml:2", "id is derived from the other fields"),
        (b"studies:\n- {id: a2020, name: A, design: RCT}\n", "x.yaml:2", "the study has no report"),
        (b"studies:\n- {id: a2020, name: A, design: RCT, citations: {}}\n", "x.yaml:2", "citations must be a list"),
    ],
)  # fmt: skip
def test_no_content_stops_the_loader(content: bytes, where: str, message: str) -> None:
    records, problems = read(content)
    assert records == []
    assert problems[0].where == where
    assert message in problems[0].message


def test_a_bomb_of_aliases_is_refused_before_it_grows() -> None:
    levels = "\n".join(f"  l{i}: &l{i} [*l{i - 1}, *l{i - 1}, *l{i - 1}]" for i in range(1, 40))
    records, problems = read(f"therapies:\n- l0: &l0 [x, x]\n{levels}\n".encode())
    assert records == []
    assert "no anchors and aliases" in problems[0].message


def test_a_byte_order_mark_and_windows_line_ends_change_nothing() -> None:
    text = b"organizations:\r\n- id: a\r\n  name: A\r\n"
    records, problems = read(b"\xef\xbb\xbf" + text)
    assert (ids(records), problems) == (["a"], [])
    assert records[0].where == "x.yaml:2"


def test_flow_style_and_document_marks_are_yaml_too() -> None:
    records, problems = read(b"---\norganizations: [{id: a, name: A}, {id: b, name: B}]\n...\n")
    assert (ids(records), problems) == (["a", "b"], [])


def test_a_second_study_of_the_same_id_does_not_lend_its_results_to_the_first() -> None:
    text = "studies:\n"
    for number in (1, 2):
        finding = f"{{locus: abstract, therapies: [scs], outcome_as_printed: pain {number}, domain: PAIN}}"
        report = f"{{title: T, pmid: '{number}'}}"
        text += f"- {{id: a2020, name: A, design: RCT, citations: [{report}], findings: [{finding}]}}\n"
    records, problems = read(text.encode())
    assert [item.record.outcome_as_printed for item in records if isinstance(item.record, Finding)] == ["pain 1"]
    assert [problem.message for problem in problems] == ["Study a2020 is already at x.yaml:2; keep one of the two"]


def test_words_that_older_yaml_takes_for_something_else_stay_words() -> None:
    records, _ = read(b"organizations:\n- {id: a, name: no}\n- {id: b, name: 2020-01-02}\n- {id: c, name: 1_000}\n")
    names = [item.record.name for item in records if isinstance(item.record, Organization)]
    assert names == ["no", "2020-01-02", "1_000"]


def test_a_seed_file_is_known_by_its_keys() -> None:
    assert detect(b"# a comment\n\ntherapies:\n- id: scs\n", "therapies.yaml")
    assert detect(b"\xef\xbb\xbfstudies:\n", "x.yml")
    assert not detect(b"name: something else\n", "x.yaml")
    assert not detect(b"therapies:\n", "therapies.csv")


def plain(node: Node) -> Any:
    """What a node holds, without its lines."""
    if isinstance(node, Mapping):
        return {name: plain(value) for name, value in node.fields.items()}
    return [plain(item) for item in node.items] if isinstance(node, Sequence) else node.value


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_another_yaml_reader_reads_the_same(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").split("\n")
    parts = split(lines)
    assert parts
    # Every twelfth entry, the long ones of each file among them: that reader takes seconds for all.
    for _, first, last in parts[::12]:
        text = "\n".join(lines[first - 1 : last])
        node = compose(text, first)
        assert node is not None
        other: Any = YAML(typ="safe", pure=True).load(text)  # pyright: ignore[reportUnknownMemberType]
        assert plain(node) == other, f"{path.name}:{first}"


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
@settings(max_examples=300, deadline=None)
def test_no_bytes_raise(content: bytes) -> None:
    records, problems = read(b"therapies:\n- " + content)
    assert all(item.where.startswith("x.yaml:") for item in (*records, *problems))
