"""Tests: they mirror the rooms, and one suite runs on both engines."""
