"""A singular value decomposition in a proof script."""

from __future__ import annotations

from dataclasses import dataclass

from symlora.language import Matrix, MatrixFamily, sigma


@dataclass(frozen=True)
class Decomposition:
    """A singular value decomposition of a matrix E.

    ``T[k]`` projects on the first k right singular vectors, ``G[a, r]`` has the next r after a as columns.
    """

    E: Matrix
    T: MatrixFamily
    G: MatrixFamily

    def best(self, k: object) -> Matrix:
        """Return the truncation of E to its first k singular values, ``E*T[k]``."""
        return self.E * self.T[k]

    def singular(self, k: object) -> Matrix:
        """Return the k-th singular value of E; k >= 1."""
        return sigma(self.E, k)
