"""Every limit of the API in one place."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may ask for. Whatever is over is refused with a clear error, never cut in silence."""

    #: Bytes of a request's body and of its URL, and seconds in which the body must arrive.
    body_bytes: int = 100_000
    url_bytes: int = 8_000
    body_seconds: float = 5.0

    #: A document's text (characters), tokens, comments and operations.
    source_characters: int = 20_000
    tokens: int = 1_500
    comments: int = 100
    operations: int = 10

    #: Levels of fields; and, fragments expanded: aliases with repeated fields, fields, directives.
    depth: int = 12
    aliases: int = 30
    fields: int = 600
    directives: int = 10

    #: A field costs 1, and what is below it as often as it may come: see measure.py.
    cost: int = 20_000
    #: What a field costs beside that whose answers are worked out anew.
    derived: int = 5_000
    #: Items per page when nobody says, the most that may be asked for, and what a list without pages counts as.
    page: int = 20
    largest_page: int = 100
    list_length: int = 3

    #: Characters of one text argument; control characters are refused at any length.
    text_characters: int = 200

    #: Errors told about a request that was not run, and about the fields of one that was.
    request_errors: int = 5
    field_errors: int = 50

    #: Seconds that one operation may run, and a page or a feed, which ask more than one; bytes of an answer.
    seconds: float = 3.0
    page_seconds: float = 10.0
    answer_bytes: int = 5_000_000

    #: Operations of one process that run at once and that wait, and how many seconds they wait for their turn.
    running: int = 6
    waiting: int = 60
    wait_seconds: float = 1.5

    #: Documents kept parsed and checked.
    documents: int = 250
    #: Bytes of answers kept in memory; 0 keeps none.
    kept_bytes: int = 64_000_000
    #: Seconds for which an answer to GET may be reused without asking again.
    fresh_seconds: int = 60
