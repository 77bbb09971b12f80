"""Atom feeds (RFC 4287): what each release changed, in all, in a therapy, or in a condition."""

from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256
from importlib import import_module
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID, uuid5

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from api.pages.deadline import AWAY, deadline
from kb.errors import NotFound, StoreUnavailable, Unfinished
from kb.questions.feed import Entry, Feed, Told, read_feed
from schema.therapy import Therapy

# lxml ships no types.
etree: Any = import_module("lxml.etree")

ATOM = "http://www.w3.org/2005/Atom"
XHTML = "http://www.w3.org/1999/xhtml"

#: Ids of feeds and entries are UUIDs made from this one (RFC 9562, 5.5), the graph's first release, and what they name.
NAMESPACE = UUID("0e7d4f62-5a3c-4f0e-9a56-3f1c3a8c5d11")

MEDIA_TYPE = "application/atom+xml; charset=utf-8"


async def feed(request: Request) -> Response:
    """The feed of all releases, or of the therapy or condition in the path, by its plain id.

    Another name of it leads there; a name that finds nothing is answered with near ones.
    """
    slug = request.path_params.get("slug")
    kind = request.url.path.split("/")[2]
    questions = request.app.state.graph.questions
    try:
        async with deadline(request.app.state.limits.page_seconds):
            found = await read_feed(questions(), **({} if slug is None else {kind: slug}))
    except (NotFound, Unfinished) as wrong:
        return PlainTextResponse(f"{wrong}\n", 404, headers={"Cache-Control": "no-store"})
    except StoreUnavailable:
        words = "The knowledge base cannot be reached. Ask again in a little while.\n"
        return PlainTextResponse(words, 503, headers=AWAY)
    if found.about is not None and found.about.id != slug:
        return RedirectResponse(_address(found), 308)
    return _sent(request, atom(found, _site(request)), _updated(found))


def atom(found: Feed, site: str) -> bytes:
    """Return the feed as an Atom document. ``site`` is the address before the paths of its links."""
    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})
    root.set("{http://www.w3.org/XML/1998/namespace}lang", "en")
    about = f"Treatise: changes for {found.about.name}" if found.about else "Treatise: releases"
    _add(root, "id", _id(found, _address(found)))
    _add(root, "title", about)
    _add(root, "subtitle", "What studies say about treatments for pain, before and after. Not medical advice.")
    _add(root, "updated", _updated(found))
    _add(etree.SubElement(root, f"{{{ATOM}}}author"), "name", "Treatise")
    _add(root, "link", rel="self", type="application/atom+xml", href=site + _address(found))
    _add(root, "link", rel="alternate", type="text/html", href=site + _page(found))
    for one in found.entries:
        _entry(root, found, one, site)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def _entry(root: Any, found: Feed, one: Entry, site: str) -> None:
    release = one.release
    entry = etree.SubElement(root, f"{{{ATOM}}}entry")
    count = f"{one.total:,} {'answer' if one.total == 1 else 'answers'} changed"
    _add(entry, "id", _id(found, f"{_address(found)}#{release.number}"))
    _add(entry, "title", f"Release {release.number}: {count}")
    _add(entry, "updated", release.published)
    _add(entry, "published", release.published)
    _add(entry, "link", rel="alternate", type="text/html", href=site + _page(found))
    content = _add(entry, "content", type="xhtml")
    box = etree.SubElement(content, f"{{{XHTML}}}div", nsmap={None: XHTML})
    if release.message:
        etree.SubElement(box, f"{{{XHTML}}}p").text = _text(release.message)
    for told in one.told:
        _told(box, told)
    if one.total > len(one.told):
        rest = etree.SubElement(box, f"{{{XHTML}}}p")
        rest.text = f"And {one.total - len(one.told):,} more."


def _told(box: Any, told: Told) -> None:
    etree.SubElement(box, f"{{{XHTML}}}h3").text = _text(f"{told.therapy} for {told.condition}")
    listed = etree.SubElement(box, f"{{{XHTML}}}dl")
    gone = " ".join(("No answer any more.", *told.merged))
    for term, words in (("Before", told.before or "No answer."), ("After", told.after or gone)):
        etree.SubElement(listed, f"{{{XHTML}}}dt").text = term
        etree.SubElement(listed, f"{{{XHTML}}}dd").text = _text(words)


def _add(parent: Any, name: str, text: str | None = None, **attributes: str) -> Any:
    made = etree.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    made.text = None if text is None else _text(text)
    return made


def _text(words: str) -> str:
    # XML 1.0 has no way to write most control characters, not even escaped.
    return "".join(each for each in words if each >= " " or each in "\t\n")


def _id(found: Feed, name: str) -> str:
    origin = f"{found.origin.published} {found.origin.content_hash_of_release}"
    return uuid5(NAMESPACE, f"{origin} {name}").urn


def _site(request: Request) -> str:
    """The address by which the reader knows this site, as it or its proxy says."""
    # Many readers take a link as it is, and do not look where the feed came from.
    return str(request.base_url).rstrip("/")


def _address(found: Feed) -> str:
    if found.about is None:
        return "/feed/releases.atom"
    kind = "therapy" if isinstance(found.about, Therapy) else "condition"
    return f"/feed/{kind}/{quote(found.about.id)}.atom"


def _page(found: Feed) -> str:
    if found.about is None:
        return "/"
    kind = "therapy" if isinstance(found.about, Therapy) else "condition"
    return "/?" + urlencode({kind: found.about.id})


def _updated(found: Feed) -> str:
    """When the feed last changed: with its newest entry, else with the first release."""
    return found.entries[0].release.published if found.entries else found.origin.published


def _sent(request: Request, body: bytes, updated: str) -> Response:
    """The document, or 304 where the reader has it already (RFC 9110, 13.1)."""
    at = datetime.fromisoformat(updated).astimezone(UTC)
    tag = f'"{sha256(body).hexdigest()[:32]}"'
    headers = {
        "ETag": tag,
        "Last-Modified": format_datetime(at, usegmt=True),
        "Cache-Control": "public, max-age=300",
    }
    known = request.headers.get("if-none-match")
    if known is not None:
        same = "*" in known or tag in {each.strip().removeprefix("W/") for each in known.split(",")}
    else:
        same = _not_before(request.headers.get("if-modified-since"), at)
    if same:
        return Response(status_code=304, headers=headers)
    return Response(body, headers={**headers, "Content-Type": MEDIA_TYPE})


def _not_before(header: str | None, at: datetime) -> bool:
    if header is None:
        return False
    try:
        return parsedate_to_datetime(header) >= at
    except (ValueError, TypeError):
        return False
