"""Write the schema to schema/api.graphql: ``python -m api.graphql.export``."""

from pathlib import Path

from api.graphql.schema import schema_text

#: The exported schema, beside the records it is derived from.
PLACE = Path(__file__).parents[2] / "schema" / "api.graphql"


def export_schema(place: Path = PLACE) -> bool:
    """Write the schema's text; return whether anything changed."""
    text = schema_text()
    if place.exists() and place.read_text("utf-8") == text:
        return False
    place.write_text(text, "utf-8")
    return True


if __name__ == "__main__":
    export_schema()
