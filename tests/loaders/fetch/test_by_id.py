"""Records by identifier: which source is asked for what, and what is told of those that nobody knows."""

import json
from pathlib import Path

import httpx
import pytest

from loaders.fetch.by_id import Fetched, Wanted, fetch_by_id
from loaders.fetch.errors import Unreadable
from loaders.fetch.europe_pmc import by_title, search
from loaders.fetch.pubmed import BATCH, fetch_pubmed
from loaders.identifiers import identified
from schema.parsed import Problem
from tests.loaders.fetch.upstream import REPLIES, Answer, Upstream, asking, content


def efetch(request: httpx.Request) -> httpx.Response:
    """The records that were asked for, of those that PubMed has here: 900001 to 900999."""
    ids = [pmid for pmid in request.url.params["id"].split(",") if pmid.startswith("900")]
    records = "".join(
        f"<PubmedArticle><MedlineCitation><PMID Version='1'>{pmid}</PMID><Article><ArticleTitle>T</ArticleTitle>"
        "</Article></MedlineCitation></PubmedArticle>"
        for pmid in ids
    )
    return httpx.Response(200, text=f"<?xml version='1.0'?><PubmedArticleSet>{records}</PubmedArticleSet>")


def esearch(request: httpx.Request) -> httpx.Response:
    known = {'"10.5555/invented.1"[AID]': ["900001"]}
    found = known.get(request.url.params["term"], [])
    return httpx.Response(200, json={"esearchresult": {"count": str(len(found)), "idlist": found}})


UPSTREAM = {
    "efetch.fcgi": efetch,
    "esearch.fcgi": esearch,
    "idconv": content(json.dumps({"records": [{"pmcid": "PMC9900002", "pmid": 900002}]})),
    "api.crossref.org/works/10.5555/invented.7": content((REPLIES / "crossref_work.json").read_bytes()),
    "europepmc": lambda request: httpx.Response(
        200,
        content=(REPLIES / "europe_pmc.json").read_bytes()
        if "invented.8" in request.url.params["query"]
        else b'{"hitCount": 0, "resultList": {"result": []}}',
    ),
    "clinicaltrials.gov/api/v2/studies/NCT04676100": content('{"protocolSection": {}}'),
}


async def ask(upstream: Upstream, *wanted: str) -> tuple[list[str], list[str]]:
    names: list[str] = []
    problems: list[str] = []
    pairs = [(text, identified(text)) for text in wanted]
    async with asking(upstream) as web:
        async for one in fetch_by_id(web, [Wanted(*pair, where=text) for text, pair in pairs if pair]):
            if isinstance(one, Fetched):
                names.append(one.name)
            else:
                problems.append(one.where if isinstance(one, Problem) else f"unanswered {one.wanted.where}")
    return names, problems


async def test_each_identifier_is_asked_of_the_source_that_knows_it():
    upstream = Upstream(UPSTREAM)
    names, problems = await ask(
        upstream, "pmid:900003", "doi:10.5555/invented.1", "PMC9900002", "10.5555/invented.7", "10.5555/invented.8",
        "NCT04676100",
    )  # fmt: skip
    assert names == [
        "PubMed, reply 1", "Crossref 10.5555/invented.7", "Europe PMC 10.5555/invented.8",
        "ClinicalTrials.gov NCT04676100",
    ]  # fmt: skip
    assert problems == []
    (asked,) = [url for url in upstream.asked if url.path.endswith("efetch.fcgi")]
    assert asked.params["id"] == "900003,900002,900001"
    assert (asked.params["tool"], asked.params["email"], asked.params["api_key"]) == (
        "treatise", "editor@example.org", "a-key",
    )  # fmt: skip


async def test_what_nobody_knows_is_told_where_it_was_named():
    names, problems = await ask(Upstream(UPSTREAM), "pmid:900003", "pmid:7", "PMC7", "10.5555/nothing", "NCT00000000")
    assert names == ["PubMed, reply 1"]
    assert problems == ["pmid:7", "PMC7", "10.5555/nothing", "NCT00000000"]


async def test_pubmed_is_asked_in_batches():
    upstream = Upstream(UPSTREAM)
    async with asking(upstream) as web:
        replies = [reply async for reply in fetch_pubmed(web, map(str, range(900000, 900000 + BATCH + 1)))]
    assert [(len(reply.pmids), reply.missing) for reply in replies] == [(BATCH, ()), (1, ())]
    assert [len(url.params["id"].split(",")) for url in upstream.asked] == [BATCH, 1]


@pytest.mark.parametrize(
    "answer", ["<eFetchResult><ERROR>x</ERROR></eFetchResult>", "<PubmedArticleSet><PubmedArticle><MedlineCitation>"]
)
async def test_an_answer_without_the_end_of_its_articles_is_asked_for_again_and_never_kept(tmp_path: Path, answer: str):
    upstream = Upstream({"efetch": content(answer)})
    async with asking(upstream, tmp_path) as web:
        (cut,) = [reply async for reply in fetch_pubmed(web, ["1"])]
    assert isinstance(cut.error, Unreadable)
    assert (cut.pmids, cut.content, cut.missing) == (["1"], b"", ())
    assert len(upstream.asked) > 1
    async with asking(Upstream({"efetch": efetch}), tmp_path) as web:
        assert [reply.missing async for reply in fetch_pubmed(web, ["1"])] == [("1",)]


def lost(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("invented", request=request)


@pytest.mark.parametrize("answer", [content("", 503), content("<PubmedArticleSet><Pub"), lost])
async def test_a_batch_that_fails_is_asked_for_alone_the_next_time(tmp_path: Path, answer: Answer):
    pmids = [str(pmid) for pmid in range(900000, 900000 + 2 * BATCH + 1)]
    second = pmids[BATCH]

    def failing(request: httpx.Request) -> httpx.Response:
        return (answer if second in request.url.params["id"] else efetch)(request)

    async with asking(Upstream({"efetch": failing}), tmp_path) as web:
        first = [reply async for reply in fetch_pubmed(web, pmids)]
    assert (first[0].error, bool(first[1].error), first[1].pmids) == (None, True, pmids[BATCH : 2 * BATCH])
    # One that is out of reach is not asked on.
    assert bool(first[2].error) is (answer is lost)
    upstream = Upstream({"efetch": efetch})
    async with asking(upstream, tmp_path) as web:
        again = [reply async for reply in fetch_pubmed(web, pmids)]
    assert not any(reply.error or reply.missing for reply in again)
    assert len(upstream.asked) == (2 if answer is lost else 1)


async def test_a_fault_behind_pubmed_is_no_wrong_request():
    told = "<eFetchResult><ERROR>Cannot retrieve: proxy_stream(): 502 Bad Gateway</ERROR></eFetchResult>"
    first = iter([httpx.Response(400, text=told)])
    upstream = Upstream({"efetch": lambda request: next(first, None) or efetch(request)})
    assert await ask(upstream, "pmid:900001") == (["PubMed, reply 1"], [])


async def test_a_pmcid_that_pubmed_has_not_is_asked_of_europe_pmc():
    reply = (REPLIES / "europe_pmc.json").read_bytes()
    upstream = Upstream({"idconv": content('{"records": []}'), "europepmc": content(reply)})
    assert await ask(upstream, "PMC7") == (["Europe PMC PMC7"], [])
    assert upstream.asked[-1].params["query"] == "PMCID:PMC7"


async def test_a_search_goes_on_to_the_next_page():
    def page(request: httpx.Request) -> httpx.Response:
        mark = request.url.params["cursorMark"]
        following = {"*": "second", "second": "second"}[mark]
        return httpx.Response(200, json={"hitCount": 150, "nextCursorMark": following, "resultList": {"result": []}})

    upstream = Upstream({"europepmc": page})
    async with asking(upstream) as web:
        assert len([reply async for reply in search(web, by_title('A "quoted" title'), limit=150)]) == 2
    assert upstream.asked[0].params["query"] == 'TITLE:"A quoted title"'
    assert [url.params["pageSize"] for url in upstream.asked] == ["100", "50"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pmid:17845835", ("pmid", "17845835")),
        ("17845835", ("pmid", "17845835")),
        ("https://pubmed.ncbi.nlm.nih.gov/17845835/", ("pmid", "17845835")),
        ("PMC8022268", ("pmcid", "PMC8022268")),
        ("pmcid: PMC8022268", ("pmcid", "PMC8022268")),
        ("doi:10.1016/J.PAIN.2007.07.028", ("doi", "10.1016/j.pain.2007.07.028")),
        ("https://doi.org/10.1016/j.pain.2007.07.028", ("doi", "10.1016/j.pain.2007.07.028")),
        ("nct04676100", ("nct", "NCT04676100")),
        ("nct:04676100", ("nct", "NCT04676100")),
        ("(NCT04676100).", ("nct", "NCT04676100")),
        ("https://europepmc.org/article/MED/17845835", ("pmid", "17845835")),
        ("https://pmc.ncbi.nlm.nih.gov/articles/PMC8022268/", ("pmcid", "PMC8022268")),
        # Names of files.
        ("NCT04676100.json", None),
        ("NCT04676100_results.xml", None),
        ("17845835.xml", None),
        ("https://clinicaltrials.gov/study/NCT04676100", ("nct", "NCT04676100")),
        ("seeds", None),
        ("export.ris", None),
        ("10.10", None),
        ("", None),
    ],
)
def test_identifiers_are_told_in_any_spelling(text: str, expected: tuple[str, str] | None):
    assert identified(text) == expected
