"""The HTTP side: GraphQL, the web pages, and what protects them. Asks the graph through kb.questions only.

app.py      the composition root: hands the parts to each other
graph.py    the graph: opened at the start, and again when it was away
graphql/    the GraphQL schema, a file per concept
http/       the GraphQL-over-HTTP endpoint and its limits
pages/      what people read in a browser
examples/   queries that are documentation, tests and registered documents at once
"""
