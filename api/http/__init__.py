"""GraphQL over HTTP: one endpoint over any schema, with limits on by default.

endpoint.py     a request from the first byte to the answer
request.py      bytes → what was asked
negotiation.py  which media type the client gets
documents.py    parsed and checked documents, kept by their hash; registered ones
measure.py      how deep, wide and costly a document is, before it is validated
limits.py       every number in one place
execution.py    running one operation with a deadline
load.py         how many run at once
kept.py         answers kept in memory
answer.py       answers as HTTP: status, errors, caching
headers.py      security headers for everything we send
compression.py  answers compressed

Norms: GraphQL over HTTP (draft of the GraphQL Foundation), and the audits of graphql-http 1.23.
"""
