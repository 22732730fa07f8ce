"""The cofactor search: classical identities, scalars, false claims, limits, and random consequences."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symlora.rules.alphabet import ONE, Alphabet, Monomial, Polynomial, Word
from symlora.rules.cofactors import Cofactor, Limits, NotFound, find_cofactors
from symlora.rules.linear_system import PRIME, Span, rational, residue, solve_exactly


class Letters:
    """Letters declared as "A:mn x:n1" and polynomials read from "2 A x' - 1" (words in spaces, 1 the identity)."""

    def __init__(self, declarations: str) -> None:
        self.vertices = {"1": ONE}
        self.codes: dict[str, int] = {}
        self.alphabet = Alphabet([], [], [])
        for item in declarations.split():
            name, shape = item.split(":")
            rows, cols = (self.vertices.setdefault(size, len(self.vertices)) for size in shape)
            for spelling, start, end in ((name, rows, cols), (name + "'", cols, rows)):
                self.codes[spelling] = len(self.alphabet.rows)
                self.alphabet.rows.append(start)
                self.alphabet.cols.append(end)
            self.alphabet.transposed += [self.codes[name + "'"], self.codes[name]]

    def read(self, text: str, shape: str) -> Polynomial:
        rows, cols = (self.vertices[size] for size in shape)
        terms: dict[Monomial, Fraction] = {}
        for sign, number, product in re.findall(r"([+-]?)\s*(\d+/\d+|\d+)?\s*([^+-]*)", text):
            if not number and not product.strip():
                continue
            value = Fraction(number or 1) * (-1 if sign == "-" else 1)
            scalars: list[Word] = []
            word: list[int] = []
            # A bracket holds a scalar factor: "(y' A x) B".
            for bracket, name in re.findall(r"\(([^)]*)\)|([^\s()]+)", product):
                if bracket:
                    scalars.append(tuple([self.codes[item] for item in bracket.split()]))
                else:
                    word.append(self.codes[name])
            key = normal(tuple(scalars), tuple(word), self.alphabet)
            terms[key] = terms.get(key, Fraction(0)) + value
        return Polynomial(rows, cols, {key: value for key, value in terms.items() if value})


def turned(word: Word, alphabet: Alphabet) -> Word:
    return tuple([alphabet.transposed[letter] for letter in reversed(word)])


def normal(scalars: tuple[Word, ...], word: Word, alphabet: Alphabet) -> Monomial:
    """The normal form, by repeatedly cutting out one 1x1 factor."""
    pool = [min(scalar, turned(scalar, alphabet)) for scalar in scalars]
    while True:
        cuts = [at for at in range(len(word)) if alphabet.rows[word[at]] == ONE]
        if word and alphabet.cols[word[-1]] == ONE:
            cuts.append(len(word))
        if len(cuts) < 2:
            return tuple(sorted(pool)), word
        scalar = word[cuts[0] : cuts[1]]
        pool.append(min(scalar, turned(scalar, alphabet)))
        word = word[: cuts[0]] + word[cuts[1] :]


def ends(rows: int, word: Word, alphabet: Alphabet) -> int:
    """The columns of a word, having checked that its letters fit together."""
    for letter in word:
        assert alphabet.rows[letter] == rows
        rows = alphabet.cols[letter]
    return rows


def expand(
    cofactors: Sequence[Cofactor], facts: Sequence[Polynomial], goal: Polynomial, alphabet: Alphabet
) -> dict[Monomial, Fraction]:
    total: dict[Monomial, Fraction] = {}
    for cofactor in cofactors:
        fact = facts[cofactor.fact]
        rows, cols = (fact.cols, fact.rows) if cofactor.transposed else (fact.rows, fact.cols)
        before = ends(goal.rows, cofactor.left[1], alphabet)
        if rows == cols == ONE:
            assert ends(before, cofactor.right[1], alphabet) == goal.cols
        else:
            assert before == rows
            assert ends(cols, cofactor.right[1], alphabet) == goal.cols
        for scalar in (*cofactor.left[0], *cofactor.right[0]):
            assert ends(ONE, scalar, alphabet) == ONE
            assert scalar
        for (scalars, word), value in fact.terms.items():
            middle = turned(word, alphabet) if cofactor.transposed else word
            key = normal(
                (*cofactor.left[0], *scalars, *cofactor.right[0]),
                cofactor.left[1] + middle + cofactor.right[1],
                alphabet,
            )
            total[key] = total.get(key, Fraction(0)) + cofactor.coefficient * value
    return {key: value for key, value in total.items() if value}


def prove(letters: Letters, goal: tuple[str, str], *facts: tuple[str, str], most: int = 20) -> tuple[Cofactor, ...]:
    target = letters.read(*goal)
    known = [letters.read(*fact) for fact in facts]
    found = find_cofactors(target, known, letters.alphabet)
    assert not isinstance(found, NotFound), str(found)
    assert expand(found, known, target, letters.alphabet) == target.terms
    assert all(cofactor.coefficient for cofactor in found)
    assert len(found) <= most
    assert found == find_cofactors(target, known, letters.alphabet)
    return found


def refuse(letters: Letters, goal: tuple[str, str], *facts: tuple[str, str], limits: Limits | None = None) -> NotFound:
    found = find_cofactors(letters.read(*goal), [letters.read(*fact) for fact in facts], letters.alphabet, limits)
    assert isinstance(found, NotFound)
    return found


def inverses(shape: str, **pairs: str) -> list[tuple[str, str]]:
    return [(f"{text} - 1", shape) for name, other in pairs.items() for text in (f"{name} {other}", f"{other} {name}")]


PENROSE = [
    *[("A X A - A", "mn"), ("X A X - X", "nm"), ("X' A' - A X", "mm"), ("A' X' - X A", "nn")],
    *[("A Y A - A", "mn"), ("Y A Y - Y", "nm"), ("Y' A' - A Y", "mm"), ("A' Y' - Y A", "nn")],
]
HUA = [
    *inverses("nn", a="ai", b="bi"),
    *[("bi c - a c - 1", "nn"), ("c bi - c a - 1", "nn"), ("ai d + c d - 1", "nn"), ("d ai + d c - 1", "nn")],
]


def test_woodbury() -> None:
    letters = Letters("A:nn Ai:nn U:nk C:kk Ci:kk V:kn Z:kk")
    inner = [("Ci Z + V Ai U Z - 1", "kk"), ("Z Ci + Z V Ai U - 1", "kk")]
    goal = "A Ai - A Ai U Z V Ai + U C V Ai - U C V Ai U Z V Ai - 1"
    prove(letters, (goal, "nn"), *inverses("nn", A="Ai"), *inverses("kk", C="Ci"), *inner, most=4)


def test_push_through() -> None:
    letters = Letters("A:nk B:kn M:nn N:kk")
    facts = [("M + M A B - 1", "nn"), ("M + A B M - 1", "nn"), ("N + N B A - 1", "kk"), ("N + B A N - 1", "kk")]
    prove(letters, ("M A - A N", "nk"), *facts, most=2)


def test_product_step_of_an_induction() -> None:
    letters = Letters("S:nn T:nn W:nn A:nk P:nk Q:nk Y:nk Z:nn")
    facts = [("T - S W", "nn"), ("P - W A - Q", "nk"), ("S Q - Y", "nk"), ("T A - Z A - Y", "nk")]
    prove(letters, ("S P - Z A - 2 Y", "nk"), *facts, most=4)


def test_moore_penrose_inverse_is_unique() -> None:
    prove(Letters("A:mn X:nm Y:nm"), ("X - Y", "nm"), *PENROSE, most=12)


def test_hua() -> None:
    prove(Letters("a:nn b:nn ai:nn bi:nn c:nn d:nn"), ("a - d - a b a", "nn"), *HUA, most=8)


def test_zero_goal_needs_nothing() -> None:
    assert prove(Letters("A:nn"), ("A - A", "nn")) == ()


def test_a_transposed_fact() -> None:
    (cofactor,) = prove(Letters("A:mn B:nm"), ("A' - B", "nm"), ("A - B'", "mn"))
    assert cofactor == Cofactor(Fraction(1), ((), ()), 0, True, ((), ()))


def test_rational_coefficients() -> None:
    letters = Letters("A:mn B:mn")
    found = prove(letters, ("A", "mn"), ("2/3 A + B", "mn"), ("A - 5/7 B", "mn"))
    assert [cofactor.coefficient for cofactor in found] == [Fraction(15, 31), Fraction(21, 31)]


def test_coefficients_beyond_one_prime() -> None:
    letters = Letters("A:mn B:mn")
    huge = 10**40 + 7
    (cofactor,) = prove(letters, ("A - B", "mn"), (f"{huge} A - {huge} B", "mn"))
    assert cofactor.coefficient == Fraction(1, huge)


@pytest.mark.parametrize(
    ("goal", "facts"),
    [
        (("x - y d", "n1"), [("c d - 1", "11"), ("x c - y", "n1")]),
        (("(x' A' y) - (y' A x)", "11"), []),
        (("(y' z) - (y' A x)", "11"), [("z - A x", "n1")]),
        (("(z' y) - (y' A x)", "11"), [("z' - x' A'", "1n")]),
        (("(y' z) y - (y' A x) y", "n1"), [("z - A x", "n1")]),
        (("(y' z) y x' - (y' A x) y x'", "nn"), [("z - A x", "n1")]),
        (("(c) A - A", "nn"), [("c - 1", "11")]),
        (("(c) A B - (d) B", "nn"), [("(c) A - (d)", "nn")]),
        (("x - z", "n1"), [("(x' x) - 1", "11"), ("x x' - P", "nn"), ("P x - z", "n1")]),
        (("(z' x) (y' w) - (z' M w)", "11"), [("x y' - M", "nn")]),
        (("(z' x) (y' w) z - (z' M w) z", "n1"), [("x y' - M", "nn")]),
        (("(y' w) x - M w", "n1"), [("x y' - M", "nn")]),
        (("(c) A - A", "nn"), [("c d - 1", "11"), ("c c d - 1", "11")]),
        (("(x' x) P - P P", "nn"), [("P - x x'", "nn")]),
    ],
)
def test_scalars(goal: tuple[str, str], facts: list[tuple[str, str]]) -> None:
    letters = Letters("A:nn B:nn M:nn P:nn x:n1 y:n1 z:n1 w:n1 c:11 d:11")
    prove(letters, goal, *facts, most=4)


def test_a_matrix_equation_at_size_one_is_no_scalar_equation() -> None:
    letters = Letters("x:n1 y:n1 A:nn B:nn M:nm")
    refuse(letters, ("(x' x) M - M", "nm"), ("x - y", "n1"))
    refuse(letters, ("A B - B A", "nn"))


@pytest.mark.parametrize(
    ("goal", "facts"),
    [
        (("X A - 1", "nn"), [("A X - 1", "nn")]),
        (("B A", "nn"), [("A B", "nn")]),
        (("A - B", "nn"), [("C A - C B", "nn")]),
        (("A - A'", "nn"), [("A A - A", "nn")]),
        (("A - 1", "nn"), [("A A - 1", "nn")]),
        (("A", "nn"), [("A' A", "nn")]),
        (("A B - B A", "nn"), [("A A - 1", "nn"), ("B B - 1", "nn")]),
        (("A", "nn"), []),
    ],
)
def test_false_claims_are_not_found(goal: tuple[str, str], facts: list[tuple[str, str]]) -> None:
    found = refuse(Letters("A:nn B:nn C:nn X:nn"), goal, *facts)
    limits = Limits()
    assert found.candidates <= limits.candidates
    assert found.stopped_by == "closure"
    assert "no cofactors among" in str(found)


@pytest.mark.parametrize("dropped", range(8))
def test_seven_penrose_equations_are_not_enough(dropped: int) -> None:
    facts = PENROSE[:dropped] + PENROSE[dropped + 1 :]
    refuse(Letters("A:mn X:nm Y:nm"), ("X - Y", "nm"), *facts)


def test_limits_are_respected() -> None:
    letters = Letters("a:nn b:nn ai:nn bi:nn c:nn d:nn")
    goal = ("a - d - a b a", "nn")
    few = refuse(letters, goal, *HUA, limits=Limits(candidates=30))
    assert (few.candidates, few.stopped_by) == (30, "candidates")
    small = refuse(letters, goal, *HUA, limits=Limits(monomials=30))
    assert small.stopped_by == "monomials"
    assert small.monomials <= 30 + 3
    short = refuse(letters, goal, *HUA, limits=Limits(rounds=1))
    assert short.stopped_by == "rounds"
    assert "rounds" in str(short)
    narrow = refuse(letters, goal, *HUA, limits=Limits(slack=0, insertions=0))
    assert (narrow.longest_word, narrow.stopped_by) == (3, "closure")


def test_unreached_monomials_are_named() -> None:
    letters = Letters("A:nn B:nn C:nn")
    found = refuse(letters, ("A + B", "nn"), ("A - C", "nn"))
    assert found.unreached == (((), (letters.codes["B"],)),)


def test_the_wrong_shape_of_a_vector_fact_is_transposed() -> None:
    letters = Letters("A:nn x:n1 y:n1")
    (cofactor,) = prove(letters, ("x' A - y'", "1n"), ("A' x - y", "n1"))
    assert cofactor.transposed


@settings(deadline=None)
@given(st.integers(-(10**9), 10**9), st.integers(1, 10**9))
def test_rational_reconstruction(numerator: int, denominator: int) -> None:
    value = Fraction(numerator, denominator)
    assert rational(residue(value)) == value


@pytest.mark.parametrize("value", [Fraction(PRIME), Fraction(1, PRIME), Fraction(-2 * PRIME, 3)])
def test_coefficients_that_vanish_modulo_the_prime_are_refused(value: Fraction) -> None:
    with pytest.raises(ValueError, match="cannot be used modulo"):
        residue(value)


def test_exact_solution_of_an_unsolvable_system() -> None:
    assert solve_exactly([{0: Fraction(1), 1: Fraction(1)}], {0: Fraction(1)}) is None


def test_combination_needs_the_target_in_the_span() -> None:
    span = Span({0: 1, 1: 1})
    span.add({0: 1})
    assert span.residual == [0, 1]
    with pytest.raises(ValueError, match="not in the span"):
        span.combination()


LETTERS = Letters("A:nn B:nn C:nm D:mn x:n1 y:m1 c:11")
SHAPES = ["nn", "nm", "mm", "n1", "11"]


@st.composite
def words(draw: st.DrawFn, rows: int, cols: int, most: int = 4) -> Word:
    """A word of the given shape: a short walk, then the shortest way home."""
    alphabet = LETTERS.alphabet
    word: list[int] = []
    at = rows
    for _ in range(draw(st.integers(0, most - 2))):
        letter = draw(st.sampled_from([code for code, start in enumerate(alphabet.rows) if start == at]))
        word.append(letter)
        at = alphabet.cols[letter]
    if at != cols:
        home = [code for code, start in enumerate(alphabet.rows) if start == at and alphabet.cols[code] == cols]
        word.append(draw(st.sampled_from(home)))
    return tuple(word)


@st.composite
def polynomials(draw: st.DrawFn) -> Polynomial:
    rows, cols = (LETTERS.vertices[size] for size in draw(st.sampled_from(SHAPES)))
    terms: dict[Monomial, Fraction] = {}
    for _ in range(draw(st.integers(1, 3))):
        key = normal((), draw(words(rows, cols)), LETTERS.alphabet)
        terms[key] = Fraction(draw(st.integers(1, 5)), draw(st.integers(1, 3))) * draw(st.sampled_from([1, -1]))
    return Polynomial(rows, cols, terms)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_random_consequences_are_found_again(data: st.DataObject) -> None:
    alphabet = LETTERS.alphabet
    facts = data.draw(st.lists(polynomials(), min_size=1, max_size=3))
    rows, cols = (LETTERS.vertices[size] for size in data.draw(st.sampled_from(SHAPES)))
    cofactors = []
    for _ in range(data.draw(st.integers(1, 2))):
        number = data.draw(st.integers(0, len(facts) - 1))
        fact, transposed = facts[number], data.draw(st.booleans())
        start, end = (fact.cols, fact.rows) if transposed else (fact.rows, fact.cols)
        left = normal((), data.draw(words(rows, start, 2)), alphabet)
        right = normal((), data.draw(words(end, cols, 2)), alphabet)
        coefficient = Fraction(data.draw(st.integers(1, 9)), data.draw(st.integers(1, 4)))
        cofactors.append(Cofactor(coefficient, left, number, transposed, right))
    goal = Polynomial(rows, cols, {})
    goal = Polynomial(rows, cols, expand(cofactors, facts, goal, alphabet))
    found = find_cofactors(goal, facts, alphabet, Limits(slack=6, insertions=3))
    assert not isinstance(found, NotFound), str(found)
    assert expand(found, facts, goal, alphabet) == goal.terms
    assert found == find_cofactors(goal, facts, alphabet, Limits(slack=6, insertions=3))
