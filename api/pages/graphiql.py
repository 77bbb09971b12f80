"""GraphiQL: the place to try queries. Everything it needs comes from this server."""

import orjson
from starlette.requests import Request
from starlette.responses import Response

from api.http.documents import INTROSPECTION, document_hash
from api.pages.examples import examples
from api.pages.templates import templates


async def graphiql(request: Request) -> Response:
    """The page. Its introspection query is a registered document, because introspection by others is off."""
    settings = {
        "introspection": f"sha256:{document_hash(INTROSPECTION)}",
        "tabs": [
            {"query": each.query, "variables": orjson.dumps(each.variables, option=orjson.OPT_INDENT_2).decode()}
            for each in examples()
        ],
    }
    return templates.TemplateResponse(request, "graphiql.html", {"settings": settings})
