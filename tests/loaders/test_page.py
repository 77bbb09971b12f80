"""Pages of patient education: sentences, reference lists, and printed references."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loaders.page import read_page, read_reference
from loaders.page.page import sentences

HTML = b"""<!doctype html>
<html><head><title>Help for knees</title><style>p {}</style></head>
<body><nav>PRP cures everything</nav>
<h1>Knee osteoarthritis</h1>
<p>PRP may help.<sup>1</sup> It is given e.g. Dr. Who once a year.</p>
<script>document.write("<p>TENS</p>")</script>
<h2>References</h2>
<ol>
<li>Invented A, Someone B. A made trial. J Made Res. 2020;3(2):11-9. <a href="https://doi.org/10.1000/abc">Link</a></li>
<li>Other, C. (2019). Was it made up? A trial. <i>Made Reviews</i>, 4(1), 5&ndash;9.</li>
</ol>
<h2>About us</h2><p>We are here.</p>
</body></html>"""

MARKDOWN = b"""# Help for knees

PRP may [help](https://example.org) **knees** [1].

## References

1. Invented A, Someone B. A made trial. J Made Res. 2020;3(2):11-9. [Link](https://doi.org/10.1000/abc)
2. Other, C. (2019). Was it made up? A trial.
   *Made Reviews*, 4(1), 5-9.

## About us

We are here.
"""

TEXT = b"""Help for knees\r
==============\r
PRP may help.\r
\r
References:\r
Invented A, Someone B. A made trial. J Made Res. 2020;3(2):11-9. doi:10.1000/abc.\r
Other, C. (2019). Was it made up? A trial. Made Reviews, 4(1), 5-9.\r
"""


@pytest.mark.parametrize("data", [HTML, MARKDOWN, TEXT], ids=["html", "markdown", "text"])
def test_the_same_page_in_three_forms(data: bytes) -> None:
    page = read_page(data, "page")
    assert page.title == "Help for knees"
    assert any(passage.text.startswith("PRP may help") for passage in page.passages)
    assert not any("cures" in passage.text or "TENS" in passage.text for passage in page.passages)
    first, second = page.references
    assert (first.authors, first.title, first.journal) == (("Invented", "Someone"), "A made trial", "J Made Res")
    assert (first.year, first.volume, first.pages, first.doi) == (2020, "3", "11-9", "10.1000/abc")
    assert (second.authors, second.title) == (("Other",), "Was it made up? A trial")
    assert (second.year, second.journal, second.volume) == (2019, "Made Reviews", "4")


def test_lines_headings_and_marks_are_kept() -> None:
    page = read_page(HTML, "page.html")
    first, second, last = page.passages
    assert (first.text, first.line, first.headings) == ("PRP may help. [1]", 5, ("Knee osteoarthritis",))
    assert second.text == "It is given e.g. Dr. Who once a year."
    assert last.headings == ("About us", "Knee osteoarthritis")
    assert [one.line for one in page.references] == [9, 10]
    assert [one.number for one in read_page(MARKDOWN, "page.md").references] == [1, 2]


@pytest.mark.parametrize(
    ("printed", "authors", "title", "year", "journal"),
    [
        (
            "McLaughlin, K. A., & Nolen-Hoeksema, S. (2011). Rumination as a Factor. Behavior Research.",
            ("McLaughlin", "Nolen-Hoeksema"),
            "Rumination as a Factor",
            2011,
            "Behavior Research",
        ),
        (
            "Dworkin, R. H., et al. (2020). Advances: The Role of It. Journal of Pain Research.",
            ("Dworkin",),
            "Advances: The Role of It",
            2020,
            "Journal of Pain Research",
        ),
        (
            "[4] Kapural L, Yu C, et al. Novel 10-kHz Therapy (HF10) Wins. Anesthesiology. 2015 Oct;123(4):851-60.",
            ("Kapural", "Yu"),
            "Novel 10-kHz Therapy (HF10) Wins",
            2015,
            "Anesthesiology",
        ),
        ("A leaflet without anything", (), "A leaflet without anything", None, None),
    ],
)
def test_a_printed_reference(
    printed: str, authors: tuple[str, ...], title: str, year: int | None, journal: str | None
) -> None:
    found = read_reference(printed)
    assert (found.authors, found.title, found.year, found.journal) == (authors, title, year, journal)


def test_identifiers_in_any_spelling() -> None:
    found = read_reference("A trial. https://pubmed.ncbi.nlm.nih.gov/26218762/ doi: 10.1097/ALN.0000000000000774.")
    assert (found.pmid, found.doi) == ("26218762", "10.1097/aln.0000000000000774")
    assert read_reference("A trial. PMID: 26218762.").pmid == "26218762"
    assert read_reference("A trial. PMID: 0").pmid is None


def test_a_sentence_does_not_end_at_an_abbreviation() -> None:
    assert [said for _, said in sentences("TENS, e.g. By day, helps. It is safe! [2] Is it?")] == [
        "TENS, e.g. By day, helps.",
        "It is safe! [2]",
        "Is it?",
    ]


def test_an_entry_of_a_raised_figure_alone_is_shown() -> None:
    (entry,) = read_page("# References\n\n1. ¹".encode(), "page").references
    assert entry.printed == "1. ¹"


@settings(deadline=None)
@given(st.binary(max_size=400) | st.text(max_size=400).map(lambda text: text.encode(errors="replace")))
def test_no_content_makes_it_fail(data: bytes) -> None:
    for dressed in (data, b"<html><body>" + data, b"# References\n\n1. " + data):
        page = read_page(dressed, "page")
        assert all(one.printed for one in page.references)


@pytest.mark.parametrize("piece", [b"[", b"[1,", b"[a](", b"A. ", b"*a", b"<div>", b"Smith "])
def test_a_page_of_one_thing_over_and_over_is_read(piece: bytes) -> None:
    page = read_page(b"# Help\n\n" + piece * 100_000, "page.md")
    assert "Help" in (page.title or page.passages[0].text)


@settings(deadline=None)
@given(st.text(max_size=300))
def test_no_reference_makes_it_fail(text: str) -> None:
    assert len(read_reference(text).printed) <= len(text)


@pytest.mark.parametrize(
    "mark", ["<sup>2,3</sup>", '<sup><a href="#r2">2,3</a></sup>', '<a href="#r2"><sup>2,3</sup></a>']
)
def test_a_raised_figure_cites_whether_it_is_linked_or_not(mark: str) -> None:
    page = read_page(HTML.replace(b"<sup>1</sup>", mark.encode()), "page.html")
    assert page.passages[0].text == "PRP may help. [2,3]"


def test_the_paragraphs_of_an_entry_are_one_reference() -> None:
    entry = b"<li><div>Invented A, Someone B.</div><p>A made trial.</p><p>J Made Res. 2020;3(2):11-9.</p></li>"
    page = read_page(b"<body><h2>References</h2><p>All are made.</p><ol>" + entry * 2 + b"</ol></body>", "page.html")
    assert [one.title for one in page.references] == ["A made trial"] * 2


@pytest.mark.parametrize("levels", [300, 10_000, 200_000])
@pytest.mark.parametrize("tag", ["div", "span", "blockquote", "ul"])
def test_deeply_nested_elements_are_read(levels: int, tag: str) -> None:
    page = f"<html><body><h1>Help</h1>{f'<{tag}>' * levels}\n\n<p>TENS relieves pain.</p>{f'</{tag}>' * levels}"
    found = read_page(page.encode(), "page.html")
    assert [(one.text, one.line) for one in found.passages] == [("TENS relieves pain.", 3)]
    assert (found.title, found.cut) == ("Help", None)


def test_what_cannot_be_read_for_its_depth_is_told_with_its_line() -> None:
    page = "<html><body>\n<p>TENS relieves pain.</p>\n" + "<sup>" * 10_000 + "1"
    assert read_page(page.encode(), "page.html").cut == 3


LONG_HTML = b"""<html><body>
<!-- a comment
over two lines -->
<p
  class="lead">
  TENS relieves
  pain. It is <b>not</b>
  known why. <!-- and
  again --> PRP
  cures all.</p>
<h2>References</h2>
<ol>
  <li>
    Invented A. A made trial.
    J Made Res. 2020;3:1.
  </li>
  <li>Other B. Another one. J Made Res. 2021;4:2.</li>
</ol>
"""
LONG_MARKDOWN = b"""# Help

TENS *relieves
pain*. It is **not
known** why. PRP cures
all.

## References

1. Invented A. A made trial.
   J Made Res. 2020;3:1.
2. Other B. Another one. J Made Res. 2021;4:2.
"""
LONG_TEXT = LONG_MARKDOWN.replace(b"*", b"").replace(b"# Help\n\n", b"").replace(b"## ", b"")


@pytest.mark.parametrize(
    ("data", "lines", "listed"),
    [
        (LONG_HTML, [6, 7, 9], [14, 17]),
        (LONG_MARKDOWN, [3, 4, 5], [10, 12]),
        (LONG_TEXT, [1, 2, 3], [8, 10]),
        (LONG_MARKDOWN.replace(b"\n", b"\r\n"), [3, 4, 5], [10, 12]),
        (LONG_HTML.replace(b"\n", b"\r\n"), [6, 7, 9], [14, 17]),
    ],
    ids=["html", "markdown", "text", "markdown-crlf", "html-crlf"],
)
def test_each_sentence_and_reference_has_its_own_line(data: bytes, lines: list[int], listed: list[int]) -> None:
    page = read_page(data, "page")
    assert [one.text for one in page.passages] == ["TENS relieves pain.", "It is not known why.", "PRP cures all."]
    assert [one.line for one in page.passages] == lines
    assert [one.line for one in page.references] == listed


@pytest.mark.parametrize(
    "data",
    [
        b"<body><p>PRP.</p><h2>References</h2><ol><li>A first one. 2001.</li><li>Ibid.</li>"
        b'<li><a href="https://pubmed.ncbi.nlm.nih.gov/99000012/">link</a></li></ol></body>',
        b"# PRP\n\n## References\n\n1. A first one. 2001.\n2. Ibid.\n"
        b"3. [link](https://pubmed.ncbi.nlm.nih.gov/99000012/)\n",
    ],
)
def test_an_entry_that_says_little_keeps_the_numbers_of_those_after_it(data: bytes) -> None:
    references = read_page(data, "page").references
    assert [one.printed for one in references] == ["A first one. 2001.", "Ibid.", "link"]
    assert (references[2].pmid, references[2].title) == ("99000012", None)


@pytest.mark.parametrize("mark", ["-", "*", "+", "•"])
def test_the_mark_of_a_list_entry_is_no_word_of_it(mark: str) -> None:
    data = f"# Page\n\n{mark} TENS relieves pain.\n  It is cheap - and - small.\n{mark} **PRP** heals.\n".encode()
    read = [(one.text, one.paragraph, one.line) for one in read_page(data, "page").passages]
    first = "TENS relieves pain. It is cheap - and - small."
    assert read == [
        ("TENS relieves pain.", first, 3),
        ("It is cheap - and - small.", first, 4),
        ("PRP heals.", "PRP heals.", 5),
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"<body><table><tr><th>What</th><th>Does</th></tr>"
        b"<tr><td>PRP</td><td>heals knees</td><td>Home</td></tr></table>"
        b"<p>TENS can:</p><ul><li>heal hips</li><li>Cells<ul><li>heal hands</li></ul></li></ul>"
        b"<p>Heals feet</p></body>",
        b"# Page\n\n| What | Does |\n|---|---|\n| PRP | heals knees | Home |\n\n"
        b"TENS can:\n\n- heal hips\n- Cells\n  - heal hands\n\nHeals feet\n",
    ],
)
def test_the_cell_entry_or_line_that_leads_to_a_text_is_known(data: bytes) -> None:
    leads = {one.text: one.leads for one in read_page(data, "page").passages}
    assert leads["heals knees"] == leads["Home"] == ("PRP",)
    assert leads["heal hips"] == ("TENS can:",)
    assert leads["heal hands"] == ("Cells", "TENS can:")
    assert leads["PRP"] == leads["Heals feet"] == ()


BENNELL = "Bennell KL, Paterson KL. Effect of a made injection. JAMA. 2021;326(20):2021-2030."
HARA = "Hara S, Andresen H. Effect of made bursts. JAMA. 2022;328(15):1506-1514."


@pytest.mark.parametrize(
    "data",
    [
        f"# Page\n\nPRP may help.[^a] So may [^b].\n\n[^a]: {BENNELL}\n[^b]: {HARA}\n",
        f"<body><p>PRP may help.</p><section><h2>Notes</h2><ol><li>{BENNELL}</li><li>{HARA}</li></ol></section></body>",
        f"<body><p>PRP may help.</p><h3>Footnotes</h3><p>1. {BENNELL}</p><p>2. {HARA}</p></body>",
        f"Knees\n\nPRP may help.\n\n[1] {BENNELL}\n[2] {HARA}\n",
        f"# Page\n\nPRP may help.\n\n**References**\n\n1\\. {BENNELL}\n\n2\\. {HARA}\n",
        f"# Page\n\nPRP may help.\n\nReference: {BENNELL}\n\nSource: {HARA}\n",
    ],
    ids=["named footnotes", "notes", "footnotes", "without a heading", "no list", "in one line with the heading"],
)
def test_a_reference_is_found_wherever_a_page_prints_it(data: str) -> None:
    page = read_page(data.encode(), "page")
    assert [one.printed for one in page.references] == [BENNELL, HARA]
    assert not any("JAMA" in one.text for one in page.passages)


def test_footnotes_with_names_are_cited_by_the_numbers_after_those_in_use() -> None:
    data = f"# Page\n\nPRP may help [1] and heal[^note].\n\n## References\n\n1. {HARA}\n\n[^note]: {BENNELL}\n"
    page = read_page(data.encode(), "page")
    assert [(one.number, one.printed) for one in page.references] == [(1, HARA), (2, BENNELL)]
    assert page.passages[0].text == "PRP may help [1] and heal[^2]."


def test_a_sentence_that_names_a_work_in_passing_is_no_reference() -> None:
    text = "Smith, M. T. (2004) found that TENS relieves pain. It was a small trial of 20 people. J Pain printed it."
    assert read_page(f"# Page\n\n{text}\n".encode(), "page").references == ()


def test_marks_of_lists_quotes_and_front_matter_are_no_words() -> None:
    data = b"---\ntitle: Knees\n---\n# Page\n\n1. PRP heals.\n2) TENS helps.\n\n> It works,\n> says Maria.\n"
    assert [(one.text, one.line) for one in read_page(data, "page").passages] == [
        ("PRP heals.", 6),
        ("TENS helps.", 7),
        ("It works, says Maria.", 9),
    ]


def test_a_sentence_ends_before_the_numbers_of_its_references() -> None:
    said = [one.text for one in read_page(b"# Page\n\nPRP heals.(1) TENS helps.(2,3) It is new.\n", "page").passages]
    assert said == ["PRP heals.(1)", "TENS helps.(2,3)", "It is new."]


def test_the_first_line_of_a_plain_text_is_its_title() -> None:
    assert read_page(b"TENS FOR PAIN\n\nTENS may help.\n", "page").title == "TENS FOR PAIN"
    assert read_page(b"TENS may help.\n\nSo it does.\n", "page").title is None
