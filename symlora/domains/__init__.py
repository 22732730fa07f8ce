"""Where a statement can be evaluated: exact models, and proofs run as programs on them."""
