"""Python's collector of cycles, held back where records are made by the thousand."""

import gc
from collections.abc import Generator
from contextlib import contextmanager

#: Objects made before the newest ones are gone through for cycles (Python's own number is 700), and how often the
#: older ones are.
SELDOM = (50_000, 20, 100)


@contextmanager
def seldom_collected() -> Generator[None]:
    """Look for cycles seldom: no record is in one, and looking takes up to a quarter of the time."""
    before = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
