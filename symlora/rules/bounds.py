"""The theorems of the library that the rank calculus cites."""

from __future__ import annotations

SIZE, SUM, MIDDLE = "matrix/rank-size", "matrix/rank-sum", "matrix/rank-middle"
TRANSPOSE, ZERO = "matrix/rank-transpose", "matrix/rank-zero"
CITED = (SIZE, SUM, MIDDLE, TRANSPOSE, ZERO)
