"""What people read in a browser, and plain files beside it.

start.py      the start page: what this is, and one question answered
rests_on.py   the results, studies and reports behind one answer
missing.py    an address that leads nowhere, and what broke
feed.py       Atom feeds of what changed
graphiql.py   the place to try queries
examples.py   the example queries
files.py      the schema, the examples, the static files
deadline.py   how long a page waits for the graph
health.py     whether the process lives and the graph answers
templates.py  the templates
"""
