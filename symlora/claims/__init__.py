"""Claims typed as text: tokens, a grammar, shapes, and their values at one exact instance."""
