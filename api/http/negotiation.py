"""Which media type the client gets (GraphQL over HTTP, "Accept"; RFC 9110, 12.5.1)."""

from dataclasses import dataclass

GRAPHQL = "application/graphql-response+json"
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Accepted:
    """The media type of the answer, and whether the client named one of the two that GraphQL uses."""

    media_type: str
    named: bool


def negotiate(header: str | None) -> Accepted | None:
    """Return the media type for an Accept header; None where nothing that we can send fits.

    ``application/graphql-response+json`` goes only to clients that name it: it changes the status codes.
    """
    if header is None or not header.strip():
        return Accepted(JSON, named=False)
    weights = weights_of(header)
    graphql = weights.get(GRAPHQL, 0.0)
    # The most specific range that matches decides.
    json = next((weights[each] for each in (JSON, "application/*", "*/*") if each in weights), 0.0)
    named = graphql > 0 or weights.get(JSON, 0.0) > 0
    if graphql > 0 and graphql >= json:
        return Accepted(GRAPHQL, named)
    return Accepted(JSON, named) if json > 0 else None


def weights_of(header: str) -> dict[str, float]:
    """Weight of each media range (or coding); one whose weight cannot be read counts for nothing."""
    found: dict[str, float] = {}
    for part in header.split(","):
        media_range, *parameters = (piece.strip().lower() for piece in part.split(";"))
        weight = 1.0
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name.strip() == "q":
                weight = _weight(value.strip())
        found[media_range] = max(weight, found.get(media_range, 0.0))
    return found


def _weight(text: str) -> float:
    try:
        weight = float(text)
    except ValueError:
        return 0.0
    return weight if 0.0 <= weight <= 1.0 else 0.0
