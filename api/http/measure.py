"""How deep, wide and costly a document is: one pass, before validation, linear in the document's length.

Before, because the rule that compares overlapping fields is the costly one. Each fragment is measured once and
remembered, so that fragments which spread each other twice, 28 levels deep, cost 28 steps and not 2**28.

A field costs 1, and one whose answers are worked out anew a large fixed number more. What is below it counts as often
as it may come: a connection's page size (``first``, literal or variable, else the default page), a fixed number for a
list without pages, else once. Page sizes in variables are unknown before a request, so the cost is measured again with
its variables.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    Node,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    StringValueNode,
    VariableNode,
    get_named_type,
)

from api.http.limits import Limits

#: Sums stop growing here.
MANY = 1_000_000_000

#: Fields of ``__Type`` that list the schema's members.
LISTING = frozenset({"fields", "inputFields", "enumValues", "possibleTypes", "interfaces"})

#: Fields whose answers are worked out anew, by type and name.
DERIVED = frozenset({("Query", "impact")})

PAGE_ARGUMENTS = frozenset({"first", "last", "limit"})


@dataclass(frozen=True, slots=True)
class Size:
    """What a document, or a part of one, asks for, its fragments expanded."""

    depth: int = 0
    aliases: int = 0
    fields: int = 0
    directives: int = 0
    cost: int = 0

    def beside(self, other: "Size") -> "Size":
        """Return the size of both."""
        return Size(
            max(self.depth, other.depth),
            min(self.aliases + other.aliases, MANY),
            min(self.fields + other.fields, MANY),
            min(self.directives + other.directives, MANY),
            min(self.cost + other.cost, MANY),
        )


@dataclass(frozen=True, slots=True)
class Measured:
    """The size of a document, what is wrong with it, and whether variables change its cost."""

    size: Size
    errors: tuple[GraphQLError, ...]
    varies: bool


class _TooNested(Exception):
    pass


def measure(schema: GraphQLSchema, document: DocumentNode, limits: Limits, *, introspection: bool = False) -> Measured:
    """Measure a whole document without its variables: a page size in a variable counts as 1."""
    measuring = _Measuring(schema, document, limits, None)
    operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    if len(operations) > limits.operations:
        return Measured(Size(), (_over("operations", limits.operations),), varies=False)
    size = Size()
    try:
        for operation in operations:
            size = size.beside(measuring.operation(operation))
    except _TooNested:
        return Measured(size, (_over("depth", limits.depth),), varies=False)
    errors = [
        _over(name, allowed)
        for name, allowed in (
            ("depth", limits.depth if not introspection else MANY),
            ("aliases", limits.aliases),
            ("fields", limits.fields),
            ("directives", limits.directives),
            ("cost", limits.cost),
        )
        if getattr(size, name) > allowed
    ]
    if measuring.introspects is not None and not introspection:
        errors.append(
            GraphQLError(
                "Introspection is off. The schema is at /schema.graphql.",
                measuring.introspects,
                extensions={"code": "INTROSPECTION_DISABLED"},
            )
        )
    if measuring.bad_text is not None:
        errors.append(text_error(limits, measuring.bad_text))
    return Measured(size, tuple(errors), measuring.varies)


def cost_error(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    limits: Limits,
    variables: Mapping[str, Any],
) -> GraphQLError | None:
    """Return what is wrong with the cost of one operation, now that its variables are known."""
    cost = _Measuring(schema, document, limits, variables).operation(operation).cost
    return _over("cost", limits.cost) if cost > limits.cost else None


def text_error(limits: Limits, node: Node | None = None) -> GraphQLError:
    """Return the error about a text that is too long or holds control characters."""
    message = f"A text must have at most {limits.text_characters} characters and no control characters."
    return GraphQLError(message, node, extensions={"code": "BAD_USER_INPUT"})


def text_is_bad(text: str, limits: Limits) -> bool:
    """Say whether a text argument is too long or holds control characters."""
    return len(text) > limits.text_characters or any(unicodedata.category(character) == "Cc" for character in text)


def texts_are_bad(value: Any, limits: Limits) -> bool:
    """Say whether any text inside a JSON value is, names of fields included."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            if text_is_bad(each, limits):
                return True
        elif isinstance(each, Mapping):
            waiting.extend(each.keys())  # pyright: ignore[reportUnknownArgumentType, reportUnknownMemberType]
            waiting.extend(each.values())  # pyright: ignore[reportUnknownArgumentType, reportUnknownMemberType]
        elif isinstance(each, list):
            waiting.extend(each)  # pyright: ignore[reportUnknownArgumentType]
    return False


def _over(name: str, allowed: int) -> GraphQLError:
    message = f"The document is over the limit of {name}: {allowed}."
    return GraphQLError(message, extensions={"code": "LIMIT_EXCEEDED", "limit": name, "allowed": allowed})


class _Measuring:
    def __init__(
        self, schema: GraphQLSchema, document: DocumentNode, limits: Limits, variables: Mapping[str, Any] | None
    ) -> None:
        self.schema = schema
        self.limits = limits
        self.variables = variables
        self.defaults: dict[str, Any] = {}
        self.fragments = {
            each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)
        }
        self.measured: dict[str, Size | None] = {}
        self.varies = False
        self.introspects: FieldNode | None = None
        self.bad_text: Node | None = None

    def operation(self, node: OperationDefinitionNode) -> Size:
        for definition in node.variable_definitions or ():
            self._look_at(definition.default_value)
            if isinstance(definition.default_value, IntValueNode):
                self.defaults[definition.variable.name.value] = _number(definition.default_value)
        below = self.selections(node.selection_set, self.schema.get_root_type(node.operation), 0)
        return self._directives(node).beside(below)

    def selections(self, node: SelectionSetNode | None, parent: Any, nested: int) -> Size:
        # A guard for the interpreter's stack, far above what the limit of depth lets through.
        if nested > 4 * self.limits.depth:
            raise _TooNested
        size = Size()
        seen: set[str] = set()
        for each in node.selections if node else ():
            size = size.beside(self._directives(each))
            if isinstance(each, FieldNode):
                name = each.name.value
                # A field that is repeated is as much work to merge as one under another name.
                repeated = each.alias is not None or name in seen
                seen.add(name)
                size = size.beside(Size(aliases=1)) if repeated else size
                size = size.beside(self.field(each, parent, nested))
            elif isinstance(each, FragmentSpreadNode):
                size = size.beside(self.spread(each.name.value, nested))
            elif isinstance(each, InlineFragmentNode):
                condition = each.type_condition
                inner = self.schema.get_type(condition.name.value) if condition else parent
                size = size.beside(self.selections(each.selection_set, inner, nested + 1))
        return size

    def spread(self, name: str, nested: int) -> Size:
        if name in self.measured:
            # None: being measured, so the fragment holds itself. Validation says so.
            return self.measured[name] or Size()
        fragment = self.fragments.get(name)
        if fragment is None:
            return Size()
        self.measured[name] = None
        inner = self.schema.get_type(fragment.type_condition.name.value)
        size = self._directives(fragment).beside(self.selections(fragment.selection_set, inner, nested + 1))
        self.measured[name] = size
        return size

    def field(self, node: FieldNode, parent: Any, nested: int) -> Size:
        name = node.name.value
        parent_name: str = getattr(parent, "name", "")
        if name == "__schema" or (parent_name == "__Type" and name in LISTING):
            self.introspects = self.introspects or node
        for argument in node.arguments or ():
            self._look_at(argument.value)
        known = isinstance(parent, GraphQLObjectType | GraphQLInterfaceType)
        definition: Any = self.schema.get_field(parent, name) if known else None
        named = cast(Any, get_named_type(definition.type)) if definition else None
        below = self.selections(node.selection_set, named, nested + 1)
        times = self._times(node, definition.type, named, parent_name) if definition and node.selection_set else 1
        own = 1 + self.limits.derived if (parent_name, name) in DERIVED else 1
        return Size(
            below.depth + 1,
            below.aliases,
            min(below.fields + 1, MANY),
            below.directives,
            min(own + times * below.cost, MANY),
        )

    def _times(self, node: FieldNode, type_: Any, named: Any, parent_name: str) -> int:
        """How often what is below a field may come."""
        if named.name.startswith("__"):
            return 1
        if named.name.endswith("Connection"):
            return self._page(node)
        inner: Any = cast(Any, type_).of_type if isinstance(type_, GraphQLNonNull) else type_
        if isinstance(inner, GraphQLList) and not parent_name.endswith("Connection"):
            return self.limits.list_length
        return 1

    def _page(self, node: FieldNode) -> int:
        value: Any = next(
            (each.value for each in node.arguments or () if each.name.value in PAGE_ARGUMENTS), self.limits.page
        )
        if isinstance(value, VariableNode):
            name = value.name.value
            self.varies = True
            if self.variables is None:
                return 1
            value = self.variables.get(name, self.defaults.get(name, self.limits.page))
        elif isinstance(value, IntValueNode):
            value = _number(value)
        # Whatever is no number, below 0 or over the largest page is refused when the field runs.
        wanted = value if isinstance(value, int) else self.limits.page
        return max(0, min(wanted, self.limits.largest_page))

    def _directives(self, node: Any) -> Size:
        for directive in node.directives or ():
            for argument in directive.arguments or ():
                self._look_at(argument.value)
        return Size(directives=len(node.directives or ()))

    def _look_at(self, value: Any) -> None:
        """Remember a text in a literal value that is too long or holds control characters."""
        waiting = [value]
        while waiting:
            each = waiting.pop()
            if isinstance(each, StringValueNode):
                if text_is_bad(each.value, self.limits):
                    self.bad_text = self.bad_text or each
            elif isinstance(each, ListValueNode):
                waiting.extend(each.values)
            elif isinstance(each, ObjectValueNode):
                waiting.extend(field.value for field in each.fields)


def _number(node: IntValueNode) -> int:
    # More than ten digits are more than any page, and perhaps more than the interpreter converts.
    return int(node.value) if len(node.value) <= 10 else MANY
