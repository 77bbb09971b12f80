"""The page of answers: every sentence and figure is on it, and what a record says stays text."""

from collections.abc import Iterator
from io import StringIO
from typing import Any, cast

from lxml import html

from kb.export.evidence_page import write_evidence_page
from kb.export.forest import WIDTH, forest
from kb.export.numbers import number, printed
from kb.questions import Questions
from kb.questions.collection import read_collection
from kb.releases import publish
from kb.store import Store
from schema.pooled import Pooled, PooledStudy
from schema.summary import Summary
from schema.terms import Better, EffectMeasure
from schema.therapy import Therapy
from tests.kb.cli.command import FIXTURES, kb
from tests.samples import PRP, SAMPLE, finding, load, with_changed


def pooled(measure: EffectMeasure = EffectMeasure.MD, *studies: tuple[float, float, float, float]) -> Pooled:
    """A pool of (estimate, low, high, weight) of studies a, b, …, with the first one's numbers as its own."""
    estimate, low, high, _ = studies[0]
    return Pooled(
        measure=measure,
        unit="points",
        better=Better.LOWER,
        k=len(studies),
        estimate=estimate,
        ci_low=low,
        ci_high=high,
        p=0.04,
        method="invented",
        studies=tuple(
            PooledStudy(study=chr(97 + i), finding="f", estimate=e, ci_low=lo, ci_high=hi, weight=w, source="arms")
            for i, (e, lo, hi, w) in enumerate(studies)
        ),
    )


async def test_all_answers_of_a_release_are_collected_by_condition(store: Store) -> None:
    await load(store, SAMPLE)
    await publish(store, who="tester")
    questions = Questions(store)
    whole = await read_collection(questions)
    assert [chapter.condition.id for chapter in whole.chapters] == [
        "hip-osteoarthritis", "knee-osteoarthritis", "osteoarthritis",
    ]  # fmt: skip
    assert set(whole.studies) == {"author1trial", "author2trial", "author3trial"}
    one = await read_collection(questions, condition="OA", therapy="TENS")
    (chapter,) = one.chapters
    ((therapy, summary),) = chapter.answers
    assert isinstance(therapy, Therapy)
    assert isinstance(summary, Summary)
    assert (therapy.id, summary.studies) == ("tens", ("author3trial",))


def test_the_page_holds_every_answer_and_takes_markup_for_text(kb_env: dict[str, str]) -> None:
    kb(kb_env, "load", FIXTURES)
    kb(kb_env, "publish")
    asked = kb(kb_env, "ask", "OA", "--json").json["answers"][0]
    page = kb(kb_env, "evidence", "--all", "--format", "html")
    assert page.code == 0, page.err
    document = html.document_fromstring(page.out)
    text = " ".join(document.text_content().split())
    assert asked["sentence"] in text
    assert asked["harms"] in text
    ids = document.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert not document.xpath("//script|//link|//img|//*[@onclick]")
    as_json = kb(kb_env, "evidence", "--therapy", "PRP", "--format", "json").json
    assert {one["condition"]["id"] for one in as_json["answers"]} == {"osteoarthritis", "knee-osteoarthritis"}
    one = as_json["answers"][0]
    assert (one["studyCount"], one["lines"][0]["certaintyBasis"]) == (1, one["certaintyBasis"])
    assert [key for key in keys(as_json) if "_" in key] == []


def keys(document: Any) -> Iterator[str]:
    """The names of all fields, however deep."""
    if isinstance(document, dict):
        held = cast(dict[str, Any], document)
        yield from held
        document = [*held.values()]
    if isinstance(document, list):
        for one in cast(list[Any], document):
            yield from keys(one)


def test_what_to_write_must_be_said(kb_env: dict[str, str]) -> None:
    for wrong in ([], ["--all", "--therapy", "PRP"]):
        ran = kb(kb_env, "evidence", *wrong)
        assert ran.code == 2
        assert "Say which answers" in ran.err


async def test_a_name_with_markup_is_shown_as_it_is_written(store: Store) -> None:
    named = PRP.model_copy(update={"name": "<b>PRP</b> & co"})
    await load(store, with_changed(SAMPLE, named))
    await publish(store, who="tester")
    collection = await read_collection(Questions(store), therapy="prp")
    out = StringIO()
    write_evidence_page(collection, "<i>Title</i>", out)
    assert "<b>PRP" not in out.getvalue()
    assert "&lt;b&gt;PRP&lt;/b&gt; &amp; co" in out.getvalue()
    assert "<i>Title" not in out.getvalue()


def test_a_forest_plot_keeps_the_order_of_numbers_and_cuts_at_its_edges() -> None:
    plot = forest(
        pooled(EffectMeasure.MD, (-1, -2, 0, 60), (-0.5, -0.7, -0.3, 30), (3, -400, 406, 10)), {"a": "Ann 2001"}
    )
    first, second, third = plot.marks
    assert first.label == "Ann 2001"
    assert second.label == "b"
    assert 0 <= third.low < first.low < first.x < second.x < plot.no_difference < third.x < third.high <= WIDTH
    assert first.side > second.side > third.side
    assert plot.diamond.low < plot.diamond.x < plot.diamond.high


def test_ratios_stand_on_a_logarithmic_axis() -> None:
    plot = forest(pooled(EffectMeasure.RR, (1, 0.5, 2, 50), (1, 0.25, 4, 50)), {})
    wide, wider = plot.marks
    assert abs((wide.x - wide.low) - (wide.high - wide.x)) < 1e-9
    assert abs(plot.no_difference - wider.x) < 1e-9
    assert any(tick.label == "1" for tick in plot.ticks)


def test_numbers_are_printed_as_they_are_read() -> None:
    assert [number(value) for value in (None, -1.5, 0.04567, 1234, -2.0, 1e-9)] == [
        "–", "−1.5", "0.0457", "1,234", "−2", "1e−09",
    ]  # fmt: skip
    assert [number(value) for value in (1234.56, -0.9996, 999.6, 2e6)] == ["1,235", "−1", "1,000", "2,000,000"]
    assert [number(value, 2) for value in (-190.3, 99.6, 0.254)] == ["−190", "100", "0.25"]


def test_what_a_report_prints_keeps_all_of_its_digits() -> None:
    assert [printed(value) for value in (101.58, -12.345, 1234.56, 0.0, None)] == [
        "101.58", "−12.345", "1,234.56", "0", "–",
    ]  # fmt: skip


def test_the_numbers_of_an_axis_are_written_out() -> None:
    plot = forest(pooled(EffectMeasure.MD, (1, -190, 192, 60), (1, -180, 182, 40), (-150, -250, -50, 10)), {})
    assert all("e" not in tick.label for tick in plot.ticks)


async def test_a_printed_result_stands_on_the_page_as_it_was_printed(store: Store) -> None:
    exact = finding(3, "tens", "hip-osteoarthritis", estimate=-12.345)
    assert exact.effect is not None
    one_sided = exact.model_copy(
        update={"effect": exact.effect.model_copy(update={"ci_low": -101.58, "ci_high": None})}
    )
    await load(store, with_changed(SAMPLE, one_sided))
    await publish(store, who="tester")
    out = StringIO()
    write_evidence_page(await read_collection(Questions(store), therapy="tens"), "TENS", out)
    text = " ".join(html.document_fromstring(out.getvalue()).text_content().split())
    assert "Printed: MD −12.345 (−101.58 to –) points." in text
