"""Checking many scripts: workers, cache, replay and reports."""
