"""Sweeps: the facts of a proof on many large float instances, in chunks that fit into memory."""
