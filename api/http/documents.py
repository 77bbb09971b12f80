"""Documents: parsed, measured and validated once, and kept by the hash of their text, the rejected ones too."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    get_introspection_query,
    parse,
    print_ast,
    specified_rules,
    validate,
)
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from api.http.limits import Limits
from api.http.measure import measure

RULES = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)

#: The document by which GraphiQL reads the schema. Introspection by any other document is off.
INTROSPECTION = get_introspection_query(descriptions=True, input_value_deprecation=True)


def document_hash(text: str) -> str:
    """Return the name of a document: the SHA-256 of its exact text in UTF-8, in lower-case hexadecimal."""
    return sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Document:
    """A document that may run (``errors`` is empty), or why it may not, in the form it is sent."""

    tree: DocumentNode | None
    operations: tuple[OperationDefinitionNode, ...]
    errors: tuple[dict[str, Any], ...] = ()
    #: Whether it is one of the documents that we registered.
    registered: bool = False
    #: Whether variables change its cost.
    varies: bool = False
    #: The kinds of its operations, also where it may not run.
    kinds: frozenset[OperationType] = frozenset()
    #: The document in one spelling: without comments and spaces that mean nothing.
    text: str = ""


class Documents:
    """Knows the registered documents, and remembers the others that were asked last."""

    def __init__(self, schema: GraphQLSchema, limits: Limits, registered: Iterable[str] = ()) -> None:
        self._schema = schema
        self._limits = limits
        self._kept: OrderedDict[str, Document] = OrderedDict()
        self._registered = {
            document_hash(text): self._checked(text, introspection=text == INTROSPECTION, registered=True)
            for text in registered
        }

    def by_hash(self, digest: str) -> Document | None:
        """Return a registered document. What clients send is never stored under a name of theirs."""
        return self._registered.get(digest)

    def by_text(self, text: str) -> Document:
        """Return the document of a text, from memory where it can be."""
        if len(text) > self._limits.source_characters:
            return self._checked(text)
        digest = document_hash(text)
        if digest in self._registered:
            return self._registered[digest]
        kept = self._kept.get(digest)
        if kept is None:
            kept = self._kept[digest] = self._checked(text)
            if len(self._kept) > self._limits.documents:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(digest)
        return kept

    def _checked(self, text: str, *, introspection: bool = False, registered: bool = False) -> Document:
        limits = self._limits
        try:
            tree = parse(
                text,
                max_lexical_tokens=limits.tokens,
                max_comments=limits.comments,
                max_source_length=limits.source_characters,
            )
        except GraphQLError as wrong:
            return Document(None, (), (told(wrong, "GRAPHQL_PARSE_FAILED"),), registered)
        operations = tuple(each for each in tree.definitions if isinstance(each, OperationDefinitionNode))
        kinds = frozenset(each.operation for each in operations)
        measured = measure(self._schema, tree, limits, introspection=introspection)
        errors = list(measured.errors)
        if not errors:
            errors = _without_root(self._schema, operations) or validate(
                self._schema, tree, RULES, max_errors=limits.request_errors, hide_suggestions=True
            )
        rejected = tuple(told(each, "GRAPHQL_VALIDATION_FAILED") for each in errors[: limits.request_errors])
        if rejected:
            return Document(None, (), rejected, registered, kinds=kinds)
        return Document(tree, operations, (), registered, measured.varies, kinds, print_ast(tree))


def _without_root(schema: GraphQLSchema, operations: Iterable[OperationDefinitionNode]) -> list[GraphQLError]:
    return [
        GraphQLError(f"There is no {each.operation.value} in this API.", each)
        for each in operations
        if schema.get_root_type(each.operation) is None
    ]


def told(error: GraphQLError, code: str) -> dict[str, Any]:
    """Return the error as it is sent, with a code where it has none; nothing of the document is kept."""
    sent: dict[str, Any] = dict(error.formatted)
    sent["extensions"] = {"code": code} | dict(error.extensions or {})
    return sent
