"""Counterexamples: small exact models in which the hypotheses hold and a claim fails."""
