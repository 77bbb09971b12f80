"""The GraphQL schema, a file per concept. Types are derived from the records of schema/; values are the records.

derive.py       a GraphQL type from a record: fields, controlled terms, relationships
node.py         Relay: global ids and the Node interface
connections.py  Relay: pages of a list
context.py      what one request carries: one release, loaders, a deadline
errors.py       what a client is told when something goes wrong
vocabulary.py · ontology_term.py · gene_drug_pair.py · citation.py · check.py · study.py · finding.py · evidence.py ·
therapy.py · condition.py · release.py   concepts
schema.py       the root fields and the schema
export.py       writes schema/api.graphql
"""
