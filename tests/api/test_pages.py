"""What people read in a browser, as it is sent: content, structure, headers."""

from itertools import pairwise
from typing import Any

import httpx2
import pytest
from lxml import html

from api.graphql.schema import schema_text
from api.pages import start
from api.pages.examples import examples


async def page(client: httpx2.AsyncClient, address: str, status: int = 200) -> Any:
    response = await client.get(address, headers={"Accept": "text/html"})
    assert response.status_code == status, response.text
    return html.document_fromstring(response.text)


def text(element: Any) -> str:
    return " ".join(element.text_content().split())


async def test_the_start_page_answers_a_question_from_the_graph(client: httpx2.AsyncClient) -> None:
    found = await page(client, "/")
    (table,) = found.xpath("//table")
    rows = {text(row.xpath("./th")[0]): row for row in table.xpath(".//tbody/tr")}
    assert set(rows) == {"Platelet-rich plasma", "Transcutaneous electrical nerve stimulation"}
    cells = [text(cell) for cell in rows["Platelet-rich plasma"].xpath("./td")]
    assert cells[0].startswith("Benefit.")
    assert "1 retracted study carries no weight here" in cells[0]
    assert cells[2:] == ["1", "100"]
    assert "Takes in: Hip osteoarthritis, Knee osteoarthritis." in text(found)
    assert "Release 2: 3 treatments, 3 conditions." in text(found)
    assert "Not medical advice." in text(found)


@pytest.mark.parametrize(
    ("asked", "heading", "first_column"),
    [
        ("condition=hip+osteoarthritis", "Evidence for Hip osteoarthritis", "Treatment"),
        ("condition=OA&therapy=PRP", "Evidence for Platelet-rich plasma in Osteoarthritis", "Treatment"),
        (
            "condition=hip+osteoarthritis&therapy=regenerative+medicine",
            "Evidence for Regenerative medicine in Hip osteoarthritis",
            None,
        ),
        ("therapy=TENS", "Evidence for Transcutaneous electrical nerve stimulation", "Condition"),
    ],
)
async def test_the_form_asks_by_any_name(
    client: httpx2.AsyncClient, asked: str, heading: str, first_column: str | None
) -> None:
    found = await page(client, f"/?{asked}")
    assert text(found.xpath("//h2[@id='answer']")[0]) == heading
    if first_column is None:
        assert "No result on this is held here." in text(found)
    else:
        assert text(found.xpath("//thead//th")[0]) == first_column


async def test_a_misspelled_name_gets_links_to_the_nearest(client: httpx2.AsyncClient) -> None:
    found = await page(client, "/?condition=knee+artritis&therapy=PRP", 404)
    link = found.xpath("//section[@aria-labelledby='answer']//li/a")[0]
    assert text(link) == "Knee osteoarthritis"
    again = await page(client, link.get("href"))
    assert "Platelet-rich plasma" in text(again.xpath("//table")[0])


async def test_every_answer_leads_to_its_results_studies_and_reports(client: httpx2.AsyncClient) -> None:
    listed = await page(client, "/?condition=OA&asOf=1")
    link = listed.xpath("//tbody/tr/th/a[.='Platelet-rich plasma']")[0].get("href")
    found = await page(client, link)
    assert "asOf=1" in link
    results = {text(row.xpath("./th")[0]): row for row in found.xpath("//details")[0].xpath(".//tbody/tr")}
    assert set(results) == {"Author1 2011", "Author2 2012"}
    first = results["Author1 2011"]
    assert "MD −1.5 (−2.5 to −0.5) points" in text(first)
    assert "therapy: 50 people" in text(first)
    assert first.xpath("./td//a/@href") == ["https://doi.org/10.5555/invented.1"]
    for target in found.xpath("//details//a/@href[starts-with(., '#')]"):
        (study,) = found.xpath(f"//li[@id='{target[1:]}']")
        assert study.xpath(".//a[starts-with(@href, 'https://')]")


async def test_a_retracted_study_is_shown_without_weight(client: httpx2.AsyncClient) -> None:
    found = await page(client, "/?condition=OA&therapy=PRP")
    (study,) = found.xpath("//li[@id='study-author2trial']")
    assert "Retracted: it carries no weight." in text(study)
    assert "author2trial" not in "".join(found.xpath("//details//a/@href"))


async def test_the_answers_beyond_a_page_can_be_reached(
    client: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(start, "ANSWERS", 1)
    first = await page(client, "/?condition=OA")
    (onward,) = first.xpath("//a[@rel='next']/@href")
    second = await page(client, onward)
    names = [text(each.xpath("//tbody/tr/th")[0]) for each in (first, second)]
    assert set(names) == {"Platelet-rich plasma", "Transcutaneous electrical nerve stimulation"}
    assert not second.xpath("//a[@rel='next']")
    await page(client, "/?condition=OA&after=nonsense", 400)


async def test_an_address_that_leads_nowhere_leads_back(client: httpx2.AsyncClient) -> None:
    found = await page(client, "/nowhere", 404)
    assert text(found.xpath("//h1")[0]) == "Not Found"
    assert found.xpath("//main//a/@href") == ["/"]
    assert (await client.get("/nowhere", headers={"Accept": "*/*"})).text == "Not Found"


def test_the_first_question_comes_first() -> None:
    assert [int(each.name.split("-")[0]) for each in examples()] == list(range(1, len(examples()) + 1))


async def test_what_is_typed_is_shown_as_text(client: httpx2.AsyncClient) -> None:
    found = await page(client, "/?condition=%3Cscript%3Ealert(1)%3C/script%3E", 404)
    assert "<script>alert(1)</script>" in text(found)
    assert found.xpath("//script") == []


async def test_no_study_is_told_apart_from_no_effect(client: httpx2.AsyncClient) -> None:
    found = await page(client, "/?condition=hip+osteoarthritis&therapy=PRP")
    assert "No result on this is held here." in text(found)
    assert found.xpath("//table") == []


async def test_the_start_page_is_built_for_everybody(client: httpx2.AsyncClient) -> None:
    found = await page(client, "/")
    assert found.get("lang") == "en"
    assert found.xpath("//title")[0].text
    assert found.xpath("//meta[@name='viewport']")
    for landmark in ("header", "main", "footer"):
        assert len(found.xpath(f"//{landmark}")) == 1
    assert found.xpath("//nav/@aria-label")
    assert found.xpath("//main//h1")[0] is found.xpath("//h1")[-1]
    levels = [int(element.tag[1]) for element in found.xpath("//h1|//h2|//h3")]
    assert levels[0] == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    ids = set(found.xpath("//@id"))
    for named in found.xpath("//@aria-labelledby | //@aria-describedby | //label/@for"):
        assert named in ids
    for field in found.xpath("//input"):
        assert found.xpath(f"//label[@for='{field.get('id')}']")
    assert found.xpath("//table/caption")
    assert all(cell.get("scope") == "col" for cell in found.xpath("//thead//th"))
    assert all(row.xpath("./th[@scope='row']") for row in found.xpath("//tbody/tr"))
    first_link = found.xpath("//a")[0]
    assert first_link.get("href") == "#main"
    assert found.xpath("//script") == []
    assert found.xpath("//*[@style]") == []


async def test_no_page_asks_another_host_for_anything(client: httpx2.AsyncClient) -> None:
    for address in ("/", "/graphiql"):
        found = await page(client, address)
        for part in found.xpath("//script/@src | //link/@href | //img/@src | //form/@action"):
            assert part.startswith("/")
            assert not part.startswith("//")
            assert (await client.get(part)).status_code == 200


async def test_every_answer_carries_the_security_headers(client: httpx2.AsyncClient) -> None:
    for address in ("/", "/graphiql", "/schema.graphql", "/healthz", "/static/treatise.css", "/nowhere", "/graphql"):
        headers = (await client.get(address)).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


async def test_the_schema_and_the_examples_are_files(client: httpx2.AsyncClient) -> None:
    assert (await client.get("/schema.graphql")).text == schema_text()
    for example in examples():
        assert (await client.get(f"/examples/{example.name}.graphql")).text == example.query
    assert (await client.get("/examples/nothing.graphql")).status_code == 404
    assert (await client.get("/examples/..%2f..%2fapp.py")).status_code == 404


async def test_health_tells_the_process_from_the_graph(client: httpx2.AsyncClient) -> None:
    assert (await client.get("/healthz")).json() == {"status": "ok"}
    assert (await client.get("/readyz")).json() == {"status": "ok", "release": 2}
