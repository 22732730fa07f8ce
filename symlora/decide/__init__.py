"""Deciding typed claims: exact counterexamples where they are false, certificates where they are true."""
