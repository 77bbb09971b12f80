"""The command line: ``kb``. Commands are thin; heavy imports happen inside them, so that ``kb --help`` is quick.

app.py      the application: its commands, errors and exit codes
context.py  what every command has at hand
serve.py    demo, serve, stop, status
load.py     load
releases.py publish, releases
ask.py      ask
evidence.py evidence
studies.py  studies
gaps.py     gaps
impact.py   impact
pool.py     pool
effect_table.py  rows of a CSV file into effect sizes
check.py    check
sources.py  paths into sources
replaced.py what is said of a name whose entry was merged into another
tables.py   how results are printed
"""

from kb.cli.app import main

__all__ = ["main"]
