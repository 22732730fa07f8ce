"""Tests of the trusted part: certificates that must replay, and a corpus of certificates that must not."""
