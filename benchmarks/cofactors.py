"""Time the cofactor search on classical identities: `python benchmarks/cofactors.py` prints medians."""

from __future__ import annotations

import re
import statistics
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from symlora.rules.alphabet import Alphabet, Monomial, Polynomial
from symlora.rules.cofactors import NotFound, find_cofactors

# Name: (letters with their shapes, facts, goal); every polynomial is meant to be zero, "1" is the identity.
PROBLEMS: dict[str, tuple[str, list[str], str]] = {
    "Woodbury": (
        "A:nn Ai:nn U:nk C:kk Ci:kk V:kn Z:kk",
        ["A Ai - 1", "Ai A - 1", "C Ci - 1", "Ci C - 1", "Ci Z + V Ai U Z - 1", "Z Ci + Z V Ai U - 1"],
        "A Ai - A Ai U Z V Ai + U C V Ai - U C V Ai U Z V Ai - 1",
    ),
    "push-through": (
        "A:nk B:kn M:nn N:kk",
        ["M + M A B - 1", "M + A B M - 1", "N + N B A - 1", "N + B A N - 1"],
        "M A - A N",
    ),
    "Lemma 1, product step": (
        "S:nn T:nn A:nn W:nn D:nn Y:nn P:nn Q:nn R:nn",
        ["T - S W", "S A - T - Y", "P - W R - D R", "Q - A R - D R", "Y Q - 1"],
        "T P + Y P - S A W R - S A D R + Y Q - 1",
    ),
    "Lemma 1, telescoping step": (
        "P:nn Q:nn W:nn D:nn S:nn T:nn R:nn E:nn G:nn",
        ["P - W R - D R", "Q - W E", "T - S W", "R - E - G"],
        "S P - T G - S D R - S Q",
    ),
    "Moore-Penrose uniqueness": (
        "A:mn X:nm Y:nm",
        [
            "A X A - A",
            "X A X - X",
            "X' A' - A X",
            "A' X' - X A",
            "A Y A - A",
            "Y A Y - Y",
            "Y' A' - A Y",
            "A' Y' - Y A",
        ],
        "X - Y",
    ),
    "Hua's identity": (
        "a:nn b:nn ai:nn bi:nn c:nn d:nn",
        [
            *("a ai - 1", "ai a - 1", "b bi - 1", "bi b - 1"),
            *("bi c - a c - 1", "c bi - c a - 1", "ai d + c d - 1", "d ai + d c - 1"),
        ],
        "a - d - a b a",
    ),
    "false: Hua's identity with a b b": (
        "a:nn b:nn ai:nn bi:nn c:nn d:nn",
        [
            *("a ai - 1", "ai a - 1", "b bi - 1", "bi b - 1"),
            *("bi c - a c - 1", "c bi - c a - 1", "ai d + c d - 1", "d ai + d c - 1"),
        ],
        "a - d - a b b",
    ),
    "false: A X = 1 gives X A = 1": ("A:nn X:nn", ["A X - 1"], "X A - 1"),
    "false: A B = 0 gives B A = 0": ("A:nn B:nn", ["A B"], "B A"),
    "false: Penrose without A X A = A": (
        "A:mn X:nm Y:nm",
        ["X A X - X", "X' A' - A X", "A' X' - X A", "A Y A - A", "Y A Y - Y", "Y' A' - A Y", "A' Y' - Y A"],
        "X - Y",
    ),
}


def read(letters: str, facts: list[str], goal: str) -> tuple[Polynomial, list[Polynomial], Alphabet]:
    """Return a problem in codes; vertices are the letters of the shapes, and "1" as a shape is the literal size 1."""
    vertices = {"1": 0}
    codes: dict[str, int] = {}
    alphabet = Alphabet([], [], [])
    for item in letters.split():
        name, shape = item.split(":")
        rows, cols = (vertices.setdefault(size, len(vertices)) for size in shape)
        for spelling, start, end in ((name, rows, cols), (name + "'", cols, rows)):
            codes[spelling] = len(alphabet.rows)
            alphabet.rows.append(start)
            alphabet.cols.append(end)
        alphabet.transposed += [codes[name + "'"], codes[name]]

    def polynomial(text: str) -> Polynomial:
        terms: dict[Monomial, Fraction] = {}
        shape: tuple[int, int] | None = None
        for sign, product in re.findall(r"([+-]?)\s*([^+-]+)", text):
            word = tuple([codes[name] for name in product.split() if name != "1"])
            terms[((), word)] = terms.get(((), word), Fraction(0)) + (-1 if sign == "-" else 1)
            if word:
                shape = alphabet.rows[word[0]], alphabet.cols[word[-1]]
        if shape is None:
            raise ValueError(f"no letter fixes the shape of {text}")
        return Polynomial(*shape, terms)

    return polynomial(goal), [polynomial(fact) for fact in facts], alphabet


def median_milliseconds(run: Callable[[], object], repeats: int) -> float:
    """Return the median time of a call in milliseconds."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


def main() -> None:
    print(f"{'identity':34} {'ms':>8}  result")
    for name, problem in PROBLEMS.items():
        goal, facts, alphabet = read(*problem)
        found = find_cofactors(goal, facts, alphabet)
        milliseconds = median_milliseconds(lambda: find_cofactors(goal, facts, alphabet), 7)  # noqa: B023
        result = str(found) if isinstance(found, NotFound) else f"{len(found)} cofactors"
        print(f"{name:34} {milliseconds:8.2f}  {result}")


if __name__ == "__main__":
    main()
