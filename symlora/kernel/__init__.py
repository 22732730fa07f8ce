"""The trusted part: reads a certificate as plain data and replays it with the standard library alone."""
