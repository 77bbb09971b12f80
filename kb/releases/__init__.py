"""Releases: published states of the knowledge base, and how one comes about.

publish.py           the steps, of everything pending or of marks of retraction alone
attempt.py           one attempt at a release: the only one that writes, with nothing left of the one before
stamp.py             everything pending goes in
retraction_marks.py  what became of published citations goes in, and every other draft waits
touched.py           which therapy–condition pairs a change can reach
derive.py            the summaries of those pairs
edited.py            what a release says of records that were edited since
versions.py          the answers that differ, written beside those before
webhooks.py          addresses that are told what a release changed
"""

from kb.releases.publish import Published, pending_records, publish, publish_retractions

__all__ = ["Published", "pending_records", "publish", "publish_retractions"]
