"""Releases: published states of the knowledge base, and how one comes about.

publish.py  the steps, each of which a rerun completes
touched.py  which therapy–condition pairs a change can reach
derive.py   the summaries of those pairs
webhooks.py addresses that are told what a release changed
"""

from kb.releases.publish import Published, pending_records, publish

__all__ = ["Published", "pending_records", "publish"]
