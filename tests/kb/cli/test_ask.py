"""``kb ask`` on trials that can be pooled: the pool, its heterogeneity, absolute numbers, Spanish, and a judgement."""

from pathlib import Path

import pytest

from tests.kb.cli.command import kb

Environment = dict[str, str]

VOCABULARY = """
therapies:
- {id: tens, name: TENS, kind: DEVICE, sentence: Current through the skin.}
conditions:
- id: back-pain
  name: Back pain
  labels:
  - {language: ES, name: Dolor de espalda, article: el}
  kind: MUSCULOSKELETAL
  sentence: Pain in the back.
instruments:
- {id: vas-pain-0-100, name: 'VAS, 0-100 mm', measures: PAIN, range_min: 0, range_max: 100, better: LOWER}
outcomes:
- {id: pain-intensity, name: Pain intensity, domain: PAIN, better: LOWER}
- {id: pain-relief-50, name: Half of the pain gone, domain: PAIN, better: HIGHER}
comparators:
- {id: sham, name: Sham treatment, comparator_class: SHAM}
studies:
"""

TRIAL = """
- id: {id}
  name: {name}
  design: RCT
  participants: 200
  citations:
  - {{local: {id}, title: An invented trial, year: 2020}}
  findings:
  - locus: table 2
    therapies: [tens]
    conditions: [back-pain]
    comparators: [sham]
    comparator_class: SHAM
    outcomes: [pain-intensity]
    outcome_as_printed: pain
    domain: PAIN
    instrument: vas-pain-0-100
    unit: mm (VAS 0-100)
    better: LOWER
    measured: FINAL
    timepoint_days: 56
    arms:
    - {{name: TENS, role: INTERVENTION, n: 100, mean: {mean}, sd: 20}}
    - {{name: sham, role: COMPARATOR, n: 100, mean: 45, sd: 20}}
    favours: INTERVENTION
    direction: BENEFIT
  - locus: table 3
    therapies: [tens]
    conditions: [back-pain]
    comparators: [sham]
    comparator_class: SHAM
    outcomes: [pain-relief-50]
    outcome_as_printed: half of the pain gone
    domain: PAIN
    better: HIGHER
    measured: RESPONDERS
    timepoint_days: 56
    arms:
    - {{name: TENS, role: INTERVENTION, n: 100, events: {events}}}
    - {{name: sham, role: COMPARATOR, n: 100, events: 30}}
    favours: INTERVENTION
    direction: BENEFIT
"""

JUDGED = """
judgements:
- therapy: tens
  condition: back-pain
  domain: PAIN
  comparator: SHAM_OR_PLACEBO
  window: TO_3_MONTHS
  reason: RISK_OF_BIAS
  levels: 0
  why: sham units looked the same
  who: A. Reviewer
  when: '2026-05-01'
"""


@pytest.fixture
def published(kb_env: Environment, tmp_path: Path) -> Environment:
    trials = [("first", 30, 60), ("second", 31, 61), ("third", 32, 58)]
    text = VOCABULARY + "".join(
        TRIAL.format(id=id, name=id.capitalize(), mean=mean, events=events) for id, mean, events in trials
    )
    path = tmp_path / "trials.yaml"
    path.write_text(text, encoding="utf-8")
    loaded = kb(kb_env, "load", path)
    assert loaded.code == 0, loaded.err
    assert kb(kb_env, "publish").code == 0
    return kb_env


def test_the_pool_and_what_it_means_for_people_are_shown(published: Environment, tmp_path: Path) -> None:
    (answer,) = kb(published, "ask", "back pain", "--json").json["answers"]
    assert (answer["synthesis"], answer["pooled"]["measure"], answer["pooled"]["k"]) == ("POOLED", "MD", 3)
    assert answer["pooled"]["estimate"] == pytest.approx(-14, abs=0.01)
    assert answer["pooled"]["i2"] == pytest.approx(0)
    shown = kb(published, "ask", "back pain", "--therapy", "TENS").out
    assert "Studies taken together" in shown
    assert "MD -14" in shown
    assert "Of 100 people" in shown
    assert "to benefit" in shown
    asked = kb(published, "ask", "dolor de espalda", "--language", "es", "--json").json
    assert asked["condition"]["name"] == "Dolor de espalda"
    spanish = asked["answers"][0]
    assert spanish["sentence"].startswith("«TENS» probablemente reduce el dolor en personas con dolor de espalda")
    assert "De 100 personas, unas 60 logran un claro alivio del dolor con «TENS»" in spanish["sentence"]
    assert spanish["harms"].startswith("Lo que hemos leído")

    judged = tmp_path / "judgements.yaml"
    judged.write_text(JUDGED, encoding="utf-8")
    assert kb(published, "load", judged).code == 0
    assert kb(published, "publish").code == 0
    (after,) = kb(published, "ask", "back pain", "--json").json["answers"]
    assert (answer["certainty"], answer["certaintyBasis"]) == ("MODERATE", "COMPUTED")
    assert (after["certainty"], after["certaintyBasis"]) == ("HIGH", "CONFIRMED")
    confirmed = kb(published, "ask", "back pain", "--therapy", "TENS").out
    assert "computed: moderate; with what reviewers judged: high" in confirmed
    assert "A. Reviewer, 2026-05-01: +0 for risk of bias, because: sham units looked the same" in confirmed
    assert kb(published, "check").code == 0


def test_every_harm_is_told_by_the_command_and_on_the_page(kb_env: Environment, tmp_path: Path) -> None:
    events = ["rash", "itch", "burn", "headache", "fall"]
    told = "  harms:\n" + "".join(f"  - {{event: {event}, text: one person}}\n" for event in events)
    path = tmp_path / "trial.yaml"
    trial = TRIAL.format(id="harmful", name="Harmful", mean=30, events=60)
    path.write_text(VOCABULARY + trial.replace("  findings:\n", told + "  findings:\n"), encoding="utf-8")
    loaded = kb(kb_env, "load", path)
    assert loaded.code == 0, loaded.err
    assert kb(kb_env, "publish").code == 0
    shown = kb(kb_env, "ask", "back pain", "--therapy", "TENS").out
    page = kb(kb_env, "evidence", "--all", "--format", "html").out
    assert "2 more are listed with the studies" in " ".join(page.split())
    for event in events:
        assert f"{event} (one person)" in shown.split("Harms by study")[1]
        assert f"{event} (one person)" in page


def test_a_language_that_is_not_there_is_a_usage_error(kb_env: Environment) -> None:
    ran = kb(kb_env, "ask", "back pain", "--language", "xx")
    assert ran.code == 2
    assert "'en', 'es'" in ran.err


def test_a_study_whose_results_were_not_read_is_named_where_there_is_no_answer(
    kb_env: Environment, tmp_path: Path
) -> None:
    path = tmp_path / "trial.yaml"
    trial = TRIAL.format(id="read", name="Read", mean=30, events=60)
    unread = trial.split("  findings:")[0].replace("read", "unread").replace("Read", "Unread")
    fields = "  therapies: [laser]\n  conditions: [back-pain]\n"
    others = "- {id: laser, name: Laser, kind: DEVICE, sentence: Light.}\n"
    others += "- {id: taping, name: Taping, kind: PHYSICAL, sentence: Tape.}\n"
    path.write_text(VOCABULARY.replace("conditions:\n- id", f"{others}conditions:\n- id") + trial + unread + fields)
    loaded = kb(kb_env, "load", path)
    assert loaded.code == 0, loaded.err
    assert kb(kb_env, "publish").code == 0
    told = kb(kb_env, "ask", "back pain", "--therapy", "laser").out
    assert "No result on this is held" in told
    assert "Studies that name both, without such a result: Unread." in told
    assert kb(kb_env, "ask", "back pain", "-t", "laser", "--json").json["studiesWithoutResult"] == ["unread"]
    none = kb(kb_env, "ask", "back pain", "--therapy", "taping").out
    assert "No result on this is held" in none
    assert "Studies that name both" not in none


def test_controls_that_nobody_described_are_not_called_no_comparison_group(kb_env: Environment, tmp_path: Path) -> None:
    path = tmp_path / "review.yaml"
    review = TRIAL.format(id="review", name="Review", mean=30, events=60).replace(
        "design: RCT", "design: META_ANALYSIS"
    )
    undescribed = review.replace("    comparators: [sham]\n    comparator_class: SHAM\n", "")
    path.write_text(VOCABULARY + undescribed, encoding="utf-8")
    loaded = kb(kb_env, "load", path)
    assert loaded.code == 0, loaded.err
    assert kb(kb_env, "publish").code == 0
    told = " ".join(kb(kb_env, "ask", "back pain", "--therapy", "TENS").out.split())
    assert "compared with mixed or unknown care" in told
    assert "no, mixed or" in told
    page = kb(kb_env, "evidence", "--all", "--format", "html").out
    assert "against no, mixed or unknown controls" in " ".join(page.split())
