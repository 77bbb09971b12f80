"""Atom feeds: what a feed reader gets, over real HTTP requests to the application."""

from typing import Any

import httpx2
import pytest
from lxml import html

NAMES = {"a": "http://www.w3.org/2005/Atom", "h": "http://www.w3.org/1999/xhtml"}


async def fetched(client: httpx2.AsyncClient, address: str) -> Any:
    response = await client.get(address)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/atom+xml; charset=utf-8"
    return html.etree.fromstring(response.content)


def texts(root: Any, path: str) -> list[str]:
    return ["".join(each.itertext()) for each in root.xpath(path, namespaces=NAMES)]


@pytest.mark.parametrize(
    ("address", "title", "releases"),
    [
        ("/feed/releases.atom", "Treatise: releases", [2, 1]),
        ("/feed/therapy/prp.atom", "Treatise: changes for Platelet-rich plasma", [2, 1]),
        ("/feed/therapy/regenerative-medicine.atom", "Treatise: changes for Regenerative medicine", [2, 1]),
        ("/feed/condition/osteoarthritis.atom", "Treatise: changes for Osteoarthritis", [2, 1]),
        ("/feed/condition/hip-osteoarthritis.atom", "Treatise: changes for Hip osteoarthritis", [1]),
    ],
)
async def test_a_feed_has_an_entry_for_each_release_that_changed_it(
    client: httpx2.AsyncClient, address: str, title: str, releases: list[int]
) -> None:
    root = await fetched(client, address)
    assert texts(root, "/a:feed/a:title") == [title]
    assert [text.split(":")[0] for text in texts(root, "//a:entry/a:title")] == [f"Release {one}" for one in releases]
    # RFC 4287, 4.1: each of these once, in the feed and in every entry; an author of the feed stands for its entries'.
    for element in root.xpath("/a:feed | //a:entry", namespaces=NAMES):
        for name in ("id", "title", "updated"):
            assert len(element.xpath(f"./a:{name}", namespaces=NAMES)) == 1
    assert texts(root, "/a:feed/a:author/a:name") == ["Treatise"]
    assert root.xpath("/a:feed/a:link[@rel='self']/@href", namespaces=NAMES) == [f"http://kb.test{address}"]
    pages = set(root.xpath("//a:link[@rel='alternate']/@href", namespaces=NAMES))
    assert [one.split("?")[0] for one in pages] == ["http://kb.test/"]
    ids = texts(root, "//a:id")
    assert len(set(ids)) == len(ids)
    assert all(one.startswith("urn:uuid:") for one in ids)
    assert texts(root, "/a:feed/a:updated") == texts(root, "//a:entry[1]/a:updated")


@pytest.mark.usefixtures("embedded_sample")
async def test_a_feed_leads_to_where_its_reader_found_it(site: str) -> None:
    async with httpx2.AsyncClient(base_url=site) as client:
        for headers, seen in (
            ({}, site),
            ({"host": "pain.example.org:8080"}, "http://pain.example.org:8080"),
            # A proxy of this machine says how it was asked.
            ({"host": "pain.example.org", "x-forwarded-proto": "https"}, "https://pain.example.org"),
            ({"host": "<no host>"}, site),
        ):
            response = await client.get("/feed/therapy/prp.atom", headers=headers)
            links = html.etree.fromstring(response.content).xpath("/a:feed/a:link/@href", namespaces=NAMES)
            assert links == [f"{seen}/feed/therapy/prp.atom", f"{seen}/?therapy=prp"]


async def test_an_entry_tells_before_and_after(client: httpx2.AsyncClient) -> None:
    root = await fetched(client, "/feed/therapy/prp.atom")
    newest, oldest = root.xpath("//a:entry", namespaces=NAMES)
    assert "A retraction." in texts(newest, ".//h:p")
    assert "Platelet-rich plasma for Knee osteoarthritis" in texts(newest, ".//h:h3")
    before, after = texts(newest, ".//h:dd")[:2]
    assert before != after
    assert "No answer." in texts(oldest, ".//h:dd")


async def test_a_reader_that_has_it_gets_nothing_again(client: httpx2.AsyncClient) -> None:
    first = await client.get("/feed/releases.atom")
    for header in (
        {"If-None-Match": first.headers["etag"]},
        {"If-None-Match": f'"other", {first.headers["etag"]}'},
        {"If-None-Match": first.headers["etag"].removeprefix("W/")},
        {"If-Modified-Since": first.headers["last-modified"]},
    ):
        again = await client.get("/feed/releases.atom", headers=header)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
    for header in (
        {"If-None-Match": '"other"', "If-Modified-Since": first.headers["last-modified"]},
        {"If-Modified-Since": "Mon, 01 Jan 2001 00:00:00 GMT"},
        {"If-Modified-Since": "yesterday"},
    ):
        assert (await client.get("/feed/releases.atom", headers=header)).status_code == 200


async def test_another_name_leads_to_the_feed_and_an_unknown_one_to_near_names(client: httpx2.AsyncClient) -> None:
    other = await client.get("/feed/condition/OA.atom")
    assert (other.status_code, other.headers["location"]) == (308, "/feed/condition/osteoarthritis.atom")
    missing = await client.get("/feed/condition/knee-osteoarthrits.atom")
    assert missing.status_code == 404
    assert "Knee osteoarthritis" in missing.text


async def test_the_start_page_leads_to_the_feeds(client: httpx2.AsyncClient) -> None:
    page = (await client.get("/?condition=OA")).text
    for address in ("/feed/releases.atom", "/feed/condition/osteoarthritis.atom"):
        assert f'href="{address}"' in page
    assert 'href="/feed/therapy/prp.atom"' in (await client.get("/?therapy=PRP")).text


async def test_the_start_page_answers_as_of_a_release(client: httpx2.AsyncClient) -> None:
    page = (await client.get("/?condition=OA")).text
    assert "asOf=2" in page
    older = await client.get("/?condition=OA&asOf=1")
    assert (older.status_code, "As of release 1." in older.text) == (200, True)
    missing = await client.get("/?condition=OA&asOf=99")
    assert missing.status_code == 404
    assert "No release is called" in missing.text
    wrong = await client.get("/?condition=OA&asOf=first")
    assert wrong.status_code == 400
    assert "is no release" in wrong.text
