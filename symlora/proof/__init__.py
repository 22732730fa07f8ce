"""Proof scripts: theorems, steps, and the certificates that they make."""
