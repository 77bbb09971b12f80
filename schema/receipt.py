"""Receipt: what an answer showed, so that it can be cited and checked later."""

from typing import ClassVar

from schema.record import Record


class Receipt(Record):
    """What was asked of which release, and a hash of what was shown. Nothing about who asked is kept."""

    label: ClassVar[str] = "Receipt"

    #: Hash of all the other fields but ``given``: the same question with the same answer has the same receipt.
    id: str
    #: The document that was asked, without comments, in one spelling.
    query: str
    #: The variables as JSON.
    variables: str
    operation_name: str | None = None
    #: Number of the release that was read.
    release: int
    #: SHA-256 of the answer's data as JSON.
    data_hash: str
    #: When it was first given: UTC, ISO 8601, with Z.
    given: str
