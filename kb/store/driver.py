"""The driver, brought in alone: it looks for numpy, of which we send it no value.

numpy would take a fifth of the time in which a command starts.
"""

import sys

_HIDE = "numpy" not in sys.modules
if _HIDE:
    sys.modules["numpy"] = None  # type: ignore[assignment]  # importing it fails, as where there is none
try:
    import neo4j
    from neo4j import exceptions
finally:
    if _HIDE:
        del sys.modules["numpy"]

__all__ = ["exceptions", "neo4j"]
