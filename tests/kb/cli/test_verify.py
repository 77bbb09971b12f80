"""``kb verify``: citations against the sources, on a server of this machine."""

import json
from typing import Any
from urllib.parse import quote

import pytest

from kb.releases import publish
from kb.store import Store
from schema.citation import Citation
from tests.kb.cli.command import kb
from tests.kb.cli.upstream import Replies, upstream
from tests.samples import citation, load

Environment = dict[str, str]


def pubmed(*papers: Citation) -> bytes:
    """An answer of EFetch."""
    articles = "".join(
        f"<PubmedArticle><MedlineCitation><PMID Version='1'>{one.pmid}</PMID><Article><Journal><JournalIssue>"
        f"<PubDate><Year>{one.year}</Year></PubDate></JournalIssue><Title>{one.journal}</Title></Journal>"
        f"<ArticleTitle>{one.title}</ArticleTitle><AuthorList><Author><LastName>{one.authors[0].family}</LastName>"
        "<Initials>A</Initials></Author></AuthorList></Article></MedlineCitation></PubmedArticle>"
        for one in papers
    )
    return f"<?xml version='1.0'?><PubmedArticleSet>{articles}</PubmedArticleSet>".encode()


def work(one: Citation, **changed: Any) -> dict[str, Any]:
    """A work as Crossref gives it."""
    return {
        "DOI": one.doi, "type": "journal-article", "title": [one.title], "container-title": [one.journal],
        "issued": {"date-parts": [[one.year]]}, "author": [{"given": "A", "family": one.authors[0].family}],
    } | changed  # fmt: skip


def crossref(found: dict[str, Any]) -> bytes:
    """An answer with one work."""
    return json.dumps({"status": "ok", "message-type": "work", "message": found}).encode()


def results(*found: dict[str, Any]) -> bytes:
    """An answer of a search at Crossref."""
    return json.dumps({"status": "ok", "message-type": "work-list", "message": {"items": found}}).encode()


NOTHING: Replies = {
    "efetch": (200, pubmed()),
    "esearch": (200, b'{"esearchresult": {"idlist": []}}'),
    "query.bibliographic": (200, results()),
    "/epmc/": (200, b'{"hitCount": 0, "request": {}, "resultList": {"result": []}}'),
}


def verdicts(ran: Any) -> dict[str, tuple[str, str]]:
    """The verdict and the note of each citation."""
    return {one["key"]: (one["verdict"], one["note"]) for one in ran.json["citations"]}


async def test_a_wrong_year_is_a_mismatch_with_both_years(store: Store, kb_env: Environment) -> None:
    held = citation(1, id="local:held", pmid=None, doi=None, title="An invented trial of a held paper and its year")
    right = held.model_copy(update={"year": 2016, "doi": "10.5555/invented.1"})
    await load(store, [held])
    with upstream({**NOTHING, "query.bibliographic": (200, results(work(right)))}) as addresses:
        ran = kb({**kb_env, **addresses}, "verify", "--all", "--json")
        printed = kb({**kb_env, **addresses}, "verify", "--all")
    assert ran.code == 1, ran.err
    assert verdicts(ran)[held.id] == ("MISMATCH", "differs from Crossref in year")
    (check,) = [one for one in ran.json["citations"][0]["checks"] if one["verdict"] == "MISMATCH"]
    assert check["differences"] == [{"field": "year", "printed": "2011", "found": "2016"}]
    offline = {**kb_env, **addresses, "KB_OFFLINE": "true"}
    later, again = kb(offline, "verify", "--all"), kb(offline, "verify", "--all", "--json")
    # What a source said stands while it cannot be asked, and is told in full.
    for told in (printed, later):
        assert "2011" in told.out
        assert "2016" in told.out
    assert (later.code, "could not be asked" in later.err) == (1, True)
    (stood,) = [one for one in again.json["citations"][0]["checks"] if one["verdict"] == "MISMATCH"]
    assert stood["differences"] == check["differences"]


async def test_every_verdict_says_why(store: Store, kb_env: Environment) -> None:
    right, wrong, gone = citation(1), citation(2), citation(3)
    bare = citation(
        4, id="local:bare", pmid=None, doi=None, title="A randomised trial of invented things: what they cost"
    )
    await load(store, [right, wrong, gone, bare])
    await publish(store, who="tester")
    subtitle = work(
        bare, title=["A randomised trial of invented things"], subtitle=["what they are worth"], DOI="10.5555/x.4"
    )
    replies: Replies = {
        **NOTHING,
        "efetch": (200, pubmed(right, wrong.model_copy(update={"year": 1999}))),
        "query.bibliographic": (200, results(subtitle)),
        f"/crossref/works/{quote(right.doi or '', safe='')}": (200, crossref(work(right, title=[f"{right.title}."]))),
    }
    with upstream(replies) as addresses:
        ran = kb({**kb_env, **addresses}, "verify", "--all", "--json")
        assert ran.code == 1, ran.err
        found = verdicts(ran)
        assert found[right.id] == ("VERIFIED", "agrees with PubMed and Crossref")
        assert found[wrong.id] == ("MISMATCH", "differs from PubMed in year")
        assert found[gone.id][0] == "NOT_FOUND"
        for place in ("PMID 900003 in PubMed", "DOI 10.5555/invented.3 and the title in Crossref", "in Europe PMC"):
            assert place in found[gone.id][1]
        assert found[bare.id] == ("MISMATCH", "differs from Crossref in title")
        (told,) = [one for one in ran.json["citations"] if one["key"] == bare.id]
        (check,) = [one for one in told["checks"] if one["verdict"] == "MISMATCH"]
        title = "A randomised trial of invented things: what they are worth"
        assert check["foundAs"] == "doi:10.5555/x.4"
        assert check["differences"] == [{"field": "title", "printed": bare.title, "found": title}]
        again = kb({**kb_env, **addresses}, "verify", "--stale")
        assert (again.code, "4 were checked within a year" in again.out) == (0, True), again.out
        named = kb({**kb_env, **addresses}, "verify", "https://doi.org/10.5555/INVENTED.2")
        assert named.code == 1
        assert ("1999" in named.out, "verdicts changed" in named.out) == (True, False), named.out
    shown = kb(kb_env, "check")
    assert shown.code == 0, shown.out


@pytest.mark.parametrize(
    ("settings", "said"), [({"KB_OFFLINE": "true"}, "KB_OFFLINE is set"), ({}, "HTTP 403")], ids=["offline", "refused"]
)
async def test_what_cannot_be_asked_is_pending_and_nothing_changes(
    store: Store, kb_env: Environment, settings: Environment, said: str
) -> None:
    await load(store, [citation(number) for number in range(1, 3)])
    with upstream({"": (403, b"")}) as addresses:
        environment = {**kb_env, **addresses, **settings}
        ran = kb(environment, "verify", "--all")
        assert ran.code == 3
        assert said in ran.err
        assert "2 pending" in ran.out
        as_json = kb(environment, "verify", "--all", "--json")
    assert as_json.code == 3
    assert {one["verdict"] for one in as_json.json["citations"]} == {"PENDING"}
    assert not any(one["changed"] for one in as_json.json["citations"])


async def test_a_name_that_no_citation_has_and_an_empty_call_are_told(kb_env: Environment) -> None:
    unknown = kb(kb_env, "verify", "pmid:999999")
    assert (unknown.code, "has the identifier 'pmid:999999'" in unknown.err) == (1, True)
    assert kb(kb_env, "verify").code == 2
    assert kb(kb_env, "verify", "pmid:1", "--all").code == 2
