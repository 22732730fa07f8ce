"""Instances: networks whose weights satisfy the hypotheses of theorems, exact or in floats."""
