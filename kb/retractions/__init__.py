"""Retractions, and what they touch.

impact.py  what a published answer, a review or a page would say if a citation stood differently
"""

from kb.retractions.impact import Impact, find_impact

__all__ = ["Impact", "find_impact"]
