"""Pages, approval and loading."""

from schema.terms.term import OWN, Term


class Strength(Term):
    """How firmly a page puts a statement."""

    ASSERTS = (
        "ASSERTS",
        "put as a fact",
        OWN,
    )
    HEDGES = (
        "HEDGES",
        "put with a reservation",
        OWN,
    )


class Approval(Term):
    """Whether a record may be published."""

    APPROVED = (
        "APPROVED",
        "may go into the next release",
        OWN,
    )
    DRAFT = (
        "DRAFT",
        "waits for a second person",
        OWN,
    )
    REJECTED = (
        "REJECTED",
        "kept, and never published",
        OWN,
    )


class LoadState(Term):
    """How far a load has come."""

    RUNNING = (
        "RUNNING",
        "begun and not ended; a rerun of the same bytes completes it",
        OWN,
    )
    COMPLETE = (
        "COMPLETE",
        "every record was decided and the good ones are in the graph",
        OWN,
    )
