"""What a command says beside its answer where a name is that of something that was merged into another one."""

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from kb.questions import Questions


async def tell_replaced(
    questions: "Questions", *, condition: str | None = None, therapy: str | None = None, as_of: int | None = None
) -> None:
    """Say on standard error of which of these names another entry answers now; an unknown name says nothing."""
    catalogue = await questions.catalogue(as_of)
    told = [
        None if condition is None else catalogue.replaced("Condition", condition),
        None if therapy is None else catalogue.replaced("Therapy", therapy),
    ]
    for sentence in told:
        if sentence is not None:
            typer.echo(sentence, err=True)
