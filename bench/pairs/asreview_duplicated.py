"""Run by the Python of an environment with ASReview: pairs of (title, abstract, DOI) on stdin, answers on stdout."""

import json
import sys
from importlib import import_module
from typing import Any

# Neither has type stubs, and the project does not depend on them.
pandas: Any = import_module("pandas")
duplicated: Any = import_module("asreview.data.utils").duplicated

print(
    json.dumps(
        [
            bool(duplicated(pandas.DataFrame(pair, columns=["title", "abstract", "doi"]), pid="doi").iloc[1])
            for pair in json.load(sys.stdin)
        ]
    )
)
