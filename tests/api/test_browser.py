"""The site in a real browser: Chromium, over a real server."""

import os
import re
import shutil
from collections.abc import AsyncGenerator
from io import StringIO
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from kb.export.evidence_page import write_evidence_page
from kb.questions import Questions
from kb.questions.collection import read_collection
from kb.store import Store
from tests.engines import skip_or_fail

pytestmark = pytest.mark.usefixtures("embedded_sample")


@pytest.fixture(scope="module")
async def browser() -> AsyncGenerator[Browser]:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        skip_or_fail("There is no Chromium")
    async with async_playwright() as playwright:
        found = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield found
        await found.close()


@pytest.fixture
async def page(browser: Browser, embedded_sample: Store, site: str) -> AsyncGenerator[Page]:
    """A page that may ask no other host and must not complain."""
    context = await browser.new_context(base_url=site)
    complaints: list[str] = []
    page = await context.new_page()

    def heard(message: Any) -> None:
        if message.type in ("error", "warning"):
            complaints.append(message.text)

    def asked(request: Any) -> None:
        if urlsplit(request.url).scheme != "data" and not request.url.startswith(site):
            complaints.append(f"asked {request.url}")

    page.on("console", heard)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", asked)
    yield page
    await context.close()
    assert complaints == []


async def test_the_start_page_answers_and_asks_again(page: Page) -> None:
    await page.goto("/")
    await expect(page.get_by_role("heading", name="Evidence for Osteoarthritis")).to_be_visible()
    await expect(page.get_by_role("row", name=re.compile("Platelet-rich plasma"))).to_be_visible()
    await page.get_by_role("textbox", name="Condition").fill("hip osteoarthritis")
    await page.get_by_role("textbox", name="Treatment").fill("TENS")
    await page.get_by_role("button", name="Ask").click()
    named = "Evidence for Transcutaneous electrical nerve stimulation in Hip osteoarthritis"
    await expect(page.get_by_role("heading", name=named)).to_be_visible()
    await expect(page.get_by_role("row")).to_have_count(2)


async def test_the_start_page_is_walked_with_the_keyboard(page: Page) -> None:
    await page.goto("/")
    await page.keyboard.press("Tab")
    focused = page.locator(":focus")
    await expect(focused).to_have_text("Skip to the content")
    await expect(focused).to_be_in_viewport()
    for _ in range(5):
        await page.keyboard.press("Tab")
    for _ in range(8):
        if await page.locator("#condition:focus").count():
            break
        await page.keyboard.press("Tab")
    await page.keyboard.type("OA")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile("condition="))


async def test_text_stands_out_from_its_ground_in_light_and_dark(page: Page) -> None:
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        for address in ("/", "/?condition=OA&therapy=PRP"):
            await page.goto(address)
            lowest = await page.evaluate(LOWEST_CONTRAST)
            assert lowest >= 7, f"{scheme}: {address}: {lowest}"


async def test_the_start_page_fits_a_small_screen(page: Page) -> None:
    await page.set_viewport_size({"width": 320, "height": 640})
    for address in ("/", "/?condition=OA&therapy=PRP"):
        await page.goto(address)
        assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


async def test_on_a_phone_every_answer_shows_how_sure_it_is(page: Page) -> None:
    await page.set_viewport_size({"width": 375, "height": 800})
    await page.goto("/")
    cells = page.locator("tbody td", has_text=re.compile(r"^\s*(very low|low|moderate|high)"))
    assert await cells.count() > 0
    for cell in await cells.all():
        box = await cell.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 375
    await expect(page.get_by_role("row", name=re.compile("Platelet-rich plasma"))).to_be_visible()


async def test_a_long_word_that_is_not_found_stays_on_the_screen(browser: Browser, site: str) -> None:
    # A page of its own: the browser reports the status 404 on its console.
    page = await browser.new_page(viewport={"width": 320, "height": 640})
    await page.goto(f"{site}/?condition={'x' * 200}")
    assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    await page.close()


async def test_graphiql_knows_the_schema_and_runs_the_examples(page: Page) -> None:
    await page.goto("/graphiql")
    await expect(page.get_by_role("tab", name="TherapiesWithEvidence")).to_be_visible()
    await page.get_by_role("button", name=re.compile("Execute query")).click()
    await expect(page.locator(".result-window")).to_contain_text("Transcutaneous electrical nerve stimulation")
    await page.get_by_role("button", name=re.compile("Show Documentation Explorer")).click()
    await page.get_by_role("link", name="Query", exact=True).click()
    await expect(page.get_by_text("Computed answers, not medical advice.")).to_be_visible()


async def test_graphiql_runs_what_is_typed(page: Page) -> None:
    await page.goto("/graphiql")
    await page.get_by_role("tab", name="Releases").click()
    editor = page.locator(".graphiql-query-editor .CodeMirror")
    await editor.click()
    await page.keyboard.press("Control+A")
    await page.keyboard.insert_text('{ therapy(name: "TENS") { slug } }')
    await expect(page.get_by_role("tab", name="untitled")).to_be_visible()
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".result-window")).to_contain_text('"slug": "tens"')


#: The lowest contrast between a text and its ground on the page (WCAG 2.2, 1.4.3).
LOWEST_CONTRAST = """() => {
  const light = (c) => {
    const [r, g, b] = c.match(/[\\d.]+/g).slice(0, 3).map(Number).map((v) => v / 255)
      .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (e) => {
    for (let at = e; at; at = at.parentElement) {
      const c = getComputedStyle(at).backgroundColor;
      if (!/, 0\\)$/.test(c) && c !== "transparent") return c;
    }
    return "rgb(255, 255, 255)";
  };
  let lowest = 21;
  for (const e of document.body.querySelectorAll("*")) {
    const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own && e.tagName !== "INPUT") continue;
    const [a, b] = [light(getComputedStyle(e).color), light(ground(e))];
    lowest = Math.min(lowest, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05));
  }
  return lowest;
}"""


async def test_the_figures_of_an_exported_page_are_printed_though_they_are_folded_on_screen(
    browser: Browser, embedded_sample: Store
) -> None:
    out = StringIO()
    write_evidence_page(await read_collection(Questions(embedded_sample), therapy="prp"), "Platelet-rich plasma", out)
    page = await browser.new_page()
    await page.set_content(out.getvalue())
    figure = page.get_by_text(re.compile("risk of bias: not assessed")).first
    await expect(figure).not_to_be_visible()
    await page.emulate_media(media="print")
    await expect(figure).to_be_visible()
    await expect(page.get_by_text(re.compile("^Figures:")).first).not_to_be_visible()
    await page.close()
