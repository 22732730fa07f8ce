"""Untrusted searches that propose certificates; the kernel alone decides whether they hold."""
