"""A longer search for bad input than the one in every run: ``pytest tests/loaders --hypothesis-profile long``."""

from hypothesis import settings

settings.register_profile("long", max_examples=20_000, deadline=None)
