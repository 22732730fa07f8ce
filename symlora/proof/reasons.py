"""Why a step may be believed: the words that stand after a claim in a proof script."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from symlora.language import Matrix

Name = Any
"""The name of a fact, or what a step returned."""


@dataclass(frozen=True)
class Algebra:
    """The claim follows from facts by the engine for claims of its kind; `word` is what the script asked for."""

    facts: tuple[Name, ...] = ()
    word: str = "algebra"

    def __str__(self) -> str:
        return f"{self.word} from {', '.join(map(str, self.facts))}" if self.facts else self.word


@dataclass(frozen=True)
class Arithmetic:
    """A relation between naturals follows from those in scope."""

    def __str__(self) -> str:
        return "arithmetic of naturals"


@dataclass(frozen=True)
class Inverse:
    """A matrix is nonsingular because the given one is its inverse."""

    of: Matrix
    facts: tuple[Name, ...] = ()

    def __str__(self) -> str:
        return f"its inverse is {self.of}" + (f", from {', '.join(map(str, self.facts))}" if self.facts else "")


@dataclass(frozen=True)
class Index:
    """Two members of a family are equal because their indices are."""

    facts: tuple[Name, ...] = ()

    def __str__(self) -> str:
        return "equal indices" + (f", from {', '.join(map(str, self.facts))}" if self.facts else "")


@dataclass(frozen=True)
class Absurd:
    """Anything follows from a false relation between numbers."""

    fact: Name

    def __str__(self) -> str:
        return f"contradiction in {self.fact}"


@dataclass(frozen=True)
class Squares:
    """An inequality holds because the difference is a sum of hermitian squares; see `by.squares`."""

    squares: tuple[Any, ...]
    facts: tuple[Name, ...] = ()

    def __str__(self) -> str:
        return f"a sum of {len(self.squares)} squares" + (
            f", from {', '.join(map(str, self.facts))}" if self.facts else ""
        )


@dataclass(frozen=True)
class Sorry:
    """No reason: a hole. The theorem's verdict is `unknown`."""

    def __str__(self) -> str:
        return "sorry"


Reason = Absurd | Algebra | Arithmetic | Index | Inverse | Squares | Sorry | Callable[..., object]


class By:
    """The reasons of a proof script, as ``by.algebra("name", …)``, ``by.inverse(N, …)``, ``by.arithmetic``.

    >>> str(by.algebra("prefixes", "suffixes"))
    'algebra from prefixes, suffixes'
    """

    @property
    def arithmetic(self) -> Arithmetic:
        """A relation between naturals that follows from those in scope."""
        return Arithmetic()

    def index(self, *facts: Name) -> Index:
        """``X[a] = X[b]`` because ``a == b`` follows from the naturals in scope and the named facts about naturals."""
        return Index(facts)

    @property
    def unfold(self) -> Algebra:
        """The definitions alone."""
        return Algebra()

    @property
    def sorry(self) -> Sorry:
        """No reason yet: a hole, with which the theorem is `unknown`."""
        return Sorry()

    def algebra(self, *facts: Name) -> Algebra:
        """The named facts, the definitions and what the sub-proof assumes, multiplied and added.

        Quantified facts are used at the indices that occur, as far as their ranges are proved; ``nonsingular(M)``
        is used through ``M*inv(M) = 1`` and ``inv(M)*M = 1``.
        """
        return Algebra(facts)

    def absurd(self, fact: Name) -> Absurd:
        """The named fact is false, such as ``1 = 0`` between scalars: this case does not occur."""
        return Absurd(fact)

    def rank(self, *facts: Name) -> Algebra:
        """A bound for ranks, by the rank calculus: sums, products, transposes, sizes, and the named facts."""
        return Algebra(facts, "the rank calculus")

    def order(self, *facts: Name) -> Algebra:
        """``psd(M)`` or an inequality of scalars, by a search for squares: named facts, and factors of the goal."""
        return Algebra(facts, "a search for squares")

    def squares(self, squares: Sequence[Any], *facts: Name) -> Squares:
        """``psd(M)``: M is the sum of the squares, up to multiples of the named facts.

        A square is a matrix q (for q'q) or a pair (q, fact) with a fact ``psd(P)`` (for q'Pq).
        """
        return Squares(tuple(squares), facts)

    def inverse(self, of: Matrix, *facts: Name) -> Inverse:
        """The claim is ``nonsingular(M)`` and ``M*of = 1`` or ``of*M = 1`` follows by algebra from the facts."""
        return Inverse(of, facts)


by = By()
