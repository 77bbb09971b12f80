"""One GraphQL endpoint, from the first byte of a request to the last of its answer."""

import asyncio
from collections.abc import Callable, Iterable
from inspect import isawaitable
from time import monotonic
from typing import Any

import orjson
from graphql import (
    ExecutionResult,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    execute,  # pyright: ignore[reportUnknownVariableType]  # a Generic without its argument in graphql-core
)
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.http import answer
from api.http.documents import Document, Documents, document_hash, told
from api.http.execution import Answered, DeadlineExecutor, Expired, Timed, unless_gone
from api.http.kept import KeptAnswers, Key
from api.http.limits import Limits
from api.http.load import Load
from api.http.measure import cost_error, text_error, texts_are_bad
from api.http.negotiation import GRAPHQL, JSON, Accepted, negotiate
from api.http.request import Asked, ClientGone, NotRun, Refused, check_content_type, from_body, from_url, read_body
from kb.errors import StoreUnavailable

#: Makes what the fields of one request get, from its deadline.
MakeContext = Callable[[float], Timed]

ONLY_MUTATIONS = frozenset({OperationType.MUTATION})

#: HEAD is GET whose body the server leaves out (RFC 9110, 9.3.2).
SAFE = ("GET", "HEAD")

#: Turns an error of a field into what is sent.
Present = Callable[[GraphQLError], dict[str, Any]]


class GraphQLEndpoint:
    """An ASGI application that answers GraphQL over HTTP.

    ``registered``: texts of documents that may be asked for by hash. ``registered_only``: no others run.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        make_context: MakeContext,
        present: Present,
        *,
        limits: Limits,
        registered: Iterable[str] = (),
        registered_only: bool = False,
    ) -> None:
        self._schema = schema
        self._make_context = make_context
        self._present = present
        self._limits = limits
        self._documents = Documents(schema, limits, registered)
        self._registered_only = registered_only
        self._load = Load(limits)
        self._answers = KeptAnswers(limits.kept_bytes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        accepted = negotiate(_header(request, "accept"))
        media_type = accepted.media_type if accepted else JSON
        try:
            response = await self._answer(request, accepted, receive)
        except Refused as refused:
            response = answer.refusal(refused, media_type)
        except NotRun as wrong:
            response = answer.request_errors(wrong.errors, media_type)
        except ClientGone:
            return
        await response(scope, receive, send)

    async def _answer(self, request: Request, accepted: Accepted | None, receive: Receive) -> Response:
        if accepted is None:
            raise Refused(406, "NOT_ACCEPTABLE", f"Accept {JSON} or {GRAPHQL}.")
        asked = await self._read(request, receive)
        document = self._find(asked)
        by_get = request.method in SAFE
        if by_get:
            if document.kinds == ONLY_MUTATIONS:
                raise _by_post()
            # Images, scripts and links cannot set Accept: without it, only what we registered runs.
            if not document.registered and not accepted.named:
                raise _not_run("Name a JSON media type in Accept to run a document by GET.", "GET_NOT_ALLOWED")
        if document.errors:
            raise NotRun(*document.errors)
        operation = _choose(document, asked.operation_name)
        self._check_variables(document, operation, asked.variables)
        if by_get and operation.operation is not OperationType.QUERY:
            raise _by_post()
        async with self._load.turn():
            body, settled = await self._run(document, operation, asked, receive)
        return answer.executed(
            body,
            accepted.media_type,
            self._limits,
            cached_as=_header(request, "if-none-match"),
            reusable=by_get and settled,
        )

    async def _read(self, request: Request, receive: Receive) -> Asked:
        if len(request.scope["path"]) + len(request.scope["query_string"]) > self._limits.url_bytes:
            raise Refused(414, "TOO_LARGE", f"The URL is longer than {self._limits.url_bytes} bytes.")
        if request.method in SAFE:
            return from_url(request.scope["query_string"])
        if request.method == "POST":
            check_content_type(_header(request, "content-type"), _header(request, "content-encoding"))
            return from_body(await read_body(receive, self._limits))
        raise Refused(405, "METHOD_NOT_ALLOWED", "Ask by POST or GET.", {"Allow": "GET, HEAD, POST"})

    def _find(self, asked: Asked) -> Document:
        if asked.query is None:
            registered = self._documents.by_hash(asked.hash or "")
            if registered is None:
                # The message is what clients of this protocol look for.
                raise _not_run("PersistedQueryNotFound", "PERSISTED_QUERY_NOT_FOUND")
            return registered
        if asked.hash is not None and asked.hash != document_hash(asked.query):
            raise Refused(400, "BAD_REQUEST", "The hash is not that of the query.")
        found = self._documents.by_text(asked.query)
        if self._registered_only and not found.registered:
            raise _not_run("Only registered documents run here.", "DOCUMENT_NOT_REGISTERED")
        return found

    def _check_variables(
        self, document: Document, operation: OperationDefinitionNode, variables: dict[str, Any]
    ) -> None:
        if texts_are_bad(variables, self._limits):
            raise NotRun(text_error(self._limits).formatted)
        if document.varies and document.tree is not None:
            wrong = cost_error(self._schema, document.tree, operation, self._limits, variables)
            if wrong is not None:
                raise NotRun(wrong.formatted)

    async def _run(
        self, document: Document, operation: OperationDefinitionNode, asked: Asked, receive: Receive
    ) -> tuple[bytes, bool]:
        """Run the operation, or find its answer; return the body, and whether the same question is answered alike.

        Raises NotRun for variables that do not fit, Refused when the graph is away.
        """
        context = self._make_context(monotonic() + self._limits.seconds)
        work = self._find_or_execute(document, operation, asked, context)
        try:
            async with asyncio.timeout(self._limits.seconds):
                return await unless_gone(work, receive)
        except (TimeoutError, Expired):
            message = f"The answer took longer than {self._limits.seconds:g} seconds. Ask for less at once."
            return answer.body_of(None, [{"message": message, "extensions": {"code": "TIMEOUT"}}], {}), False

    async def _find_or_execute(
        self, document: Document, operation: OperationDefinitionNode, asked: Asked, context: Timed
    ) -> tuple[bytes, bool]:
        name = operation.name.value if operation.name else None
        declared = {each.variable.name.value for each in operation.variable_definitions or ()}
        variables = {name: value for name, value in asked.variables.items() if name in declared}
        state = await context.state() if operation.operation is OperationType.QUERY else None
        key = None
        if state is not None:
            key = Key(document.text, name, orjson.dumps(variables, option=orjson.OPT_SORT_KEYS), state)
            kept = self._answers.get(key)
            if kept is not None:
                return kept, True
        result = await self._execute(document, asked, context)
        whole = result.data is not None and not result.errors
        answered = Answered(document.text, variables, name, result.data) if whole and result.data is not None else None
        errors = [self._present(error) for error in result.errors or ()]
        extensions = await context.extensions(answered)
        body = answer.body_of(result.data, errors[: self._limits.field_errors], extensions)
        if key is not None and whole and context.settled:
            self._answers.keep(key, body)
        return body, whole and context.settled

    async def _execute(self, document: Document, asked: Asked, context: Timed) -> ExecutionResult:
        assert document.tree is not None
        result = execute(
            self._schema,
            document.tree,
            context_value=context,
            variable_values=asked.variables,
            operation_name=asked.operation_name,
            executor_class=DeadlineExecutor,
            max_coercion_errors=self._limits.request_errors,
            hide_suggestions=True,
            operation_extensions=None,
        )
        finished = await result if isawaitable(result) else result
        errors = finished.errors or []
        if any(isinstance(error.original_error, StoreUnavailable) for error in errors):
            raise unavailable()
        if finished.data is None and errors and all(error.path is None for error in errors):
            raise NotRun(*(told(error, "BAD_USER_INPUT") for error in errors[: self._limits.request_errors]))
        return finished


def unavailable() -> Refused:
    """The graph cannot be reached: our fault, and worth asking again."""
    # The error itself names the server's address, which is not the client's business.
    message = "The knowledge base cannot be reached at the moment. Ask again in a little while."
    return Refused(503, "STORE_UNAVAILABLE", message, {"Retry-After": "5"})


def _choose(document: Document, name: str | None) -> OperationDefinitionNode:
    if name is None and len(document.operations) == 1:
        return document.operations[0]
    if name is None:
        raise _not_run("The document holds several operations: name one in operationName.", "BAD_USER_INPUT")
    for operation in document.operations:
        if operation.name is not None and operation.name.value == name:
            return operation
    raise _not_run("The document holds no operation of that name.", "BAD_USER_INPUT")


def _by_post() -> Refused:
    return Refused(405, "METHOD_NOT_ALLOWED", "Ask by POST: GET changes nothing.", {"Allow": "POST"})


def _not_run(message: str, code: str) -> NotRun:
    return NotRun({"message": message, "extensions": {"code": code}})


def _header(request: Request, name: str) -> str | None:
    """All values of a header as one, None where it is absent."""
    values = request.headers.getlist(name)
    return ", ".join(values) if values else None
