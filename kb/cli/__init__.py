"""The command line: ``kb``. Commands are thin; heavy imports happen inside them, so that ``kb --help`` is quick.

A command is the file of its name: audit.py is ``kb audit``. ``kb demo``, ``serve``, ``stop`` and ``status`` share
serve.py. Beside them:

process.py       the process: what it prints on, its errors and exit codes
app.py           the application: its commands
context.py       what every command has at hand
sources.py       paths into sources
streams.py       what stands on standard input
columns.py       how the columns of tables are named, and shown
effect_table.py  rows of a CSV file into effect sizes
asking.py        bibliographic sources asked about citations
replaced.py      what is said of a name whose entry was merged into another
tables.py        how results are printed
"""

from kb.cli.process import main

__all__ = ["main"]
