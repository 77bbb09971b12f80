"""Fetch: sources asked over the network. The only place with outgoing HTTP; what comes back is bytes for the parsers.

client.py  the one client: time-outs, retries, cache, and which sources are silent
polite.py  each host in its turn, and whole answers only
post.py    posting to an address that a person named
errors.py  what can go wrong
by_id.py   records by identifier, each from the best source that has it
and one file for each source: pubmed.py, crossref.py, europe_pmc.py, clinicaltrials.py
"""
