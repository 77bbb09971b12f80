"""What people read in a browser, and plain files beside it.

start.py      the start page: what this is, and one question answered
graphiql.py   the place to try queries
examples.py   the example queries
files.py      the schema, the examples, the static files
health.py     whether the process lives and the graph answers
templates.py  the templates
"""
