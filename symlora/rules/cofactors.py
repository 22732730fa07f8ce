"""An untrusted search for cofactors: write a matrix identity, at all sizes, as a combination of known equations.

Words are products of letters, a polynomial is a combination of words, and a claim `goal = 0` follows from facts
`f = 0` as soon as goal = sum of coefficient * left * f * right. The search multiplies facts by words so that one of
their terms meets a word already reached from the goal, and asks after every multiple whether the goal lies in the span
of those found. What is returned has been expanded exactly; what is not found may still be true, because membership in
a two-sided ideal of noncommuting letters is undecidable.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from symlora.rules.alphabet import ONE, SEPARATOR, Alphabet, Monomial, Polynomial, Words
from symlora.rules.linear_system import Span, rational, residue, solve_exactly


@dataclass(frozen=True)
class Cofactor:
    """One summand coefficient * left * (fact or its transpose) * right; `fact` is a position in the list of facts."""

    coefficient: Fraction
    left: Monomial
    fact: int
    transposed: bool
    right: Monomial


@dataclass(frozen=True)
class Limits:
    """How much work a search may do; never how long it may take, so that results do not depend on the machine.

    `slack` is how many letters a word may have beyond the longest word of the goal and the facts; `insertions` is for
    how many rounds the constant term of a fact may be placed between any two letters.
    """

    candidates: int = 20000
    monomials: int = 20000
    rounds: int = 24
    slack: int = 4
    insertions: int = 2


@dataclass(frozen=True)
class NotFound:
    """What a search tried without reaching the goal; says nothing about whether the goal holds.

    `stopped_by` is "closure" (every stage ran out of multiples within the permitted word length and insertions),
    "candidates", "monomials", "rounds", or "coefficients" (the goal is a combination modulo a prime, but not over the
    rational numbers). `unreached` lists monomials of the goal that no multiple of a fact contains.
    """

    candidates: int
    monomials: int
    rounds: int
    longest_word: int
    stopped_by: str
    unreached: tuple[Monomial, ...]

    def __str__(self) -> str:
        reason = {
            "closure": f"no further multiple within {self.longest_word} letters meets a word reached from the goal",
            "candidates": "the limit on multiples was reached",
            "monomials": "the limit on monomials was reached",
            "rounds": "the limit on rounds was reached",
            "coefficients": "a combination exists modulo a prime only",
        }[self.stopped_by]
        return (
            f"no cofactors among {self.candidates} multiples of the facts "
            f"({self.monomials} monomials, {self.rounds} rounds, words up to {self.longest_word} letters): {reason}"
        )


def find_cofactors(
    goal: Polynomial, facts: Sequence[Polynomial], alphabet: Alphabet, limits: Limits | None = None
) -> tuple[Cofactor, ...] | NotFound:
    """Return cofactors with goal = sum of coefficient * left * fact * right, or what was tried.

    Each summand is typed: `left` has goal.rows rows and as many columns as the fact (or its transpose) has rows, and
    `right` likewise. A fact of shape ONE x ONE multiplies monomials of every shape: there `left` has the columns that
    `right` has as rows. A summand that would need a fact of another shape inside a scalar of a goal none of whose words
    passes the size 1 has no such form and is not found; state the scalar equation as a fact of its own first.
    The result depends on nothing but the arguments, and has been expanded and compared exactly.
    Raises ValueError for coefficients whose numerator or denominator is a multiple of 2**61 - 1.

    >>> alphabet = Alphabet(rows=[1, 1, 1, 1], cols=[1, 1, 1, 1], transposed=[2, 3, 0, 1])  # A, B, A', B': n x n
    >>> left_inverse = Polynomial(1, 1, {((), (1, 0)): Fraction(1), ((), ()): Fraction(-1)})  # B*A = 1
    >>> goal = Polynomial(1, 1, {((), (1, 1, 0, 0)): Fraction(1), ((), ()): Fraction(-1)})  # B*B*A*A = 1
    >>> for cofactor in find_cofactors(goal, [left_inverse], alphabet):
    ...     print(cofactor.coefficient, cofactor.left, cofactor.right)
    1 ((), (1,)) ((), (0,))
    1 ((), ()) ((), ())
    """
    return _Search(goal, facts, alphabet, limits or Limits()).run()


@dataclass(frozen=True)
class _Term:
    scalars: tuple[str, ...]
    word: str
    value: Fraction
    residue: int
    degree: int
    cut: int  # where the word passes ONE strictly inside, or -1


@dataclass(frozen=True)
class _Fact:
    """A fact or its transpose, with terms from the leading one (longest, then last in order) downwards."""

    number: int
    transposed: bool
    scalar: bool
    vertex: int  # rows, which an identity term needs
    degree: int
    terms: tuple[_Term, ...]


@dataclass(frozen=True)
class _Stage:
    leading_only: bool
    insertions: int
    slack: int


_Place = tuple[tuple[str, ...], str, str]  # the scalars and words around an occurrence
_Candidate = tuple[int, tuple[str, ...], str, str]  # oriented fact, then its surroundings


@dataclass
class _Search:
    goal: Polynomial
    facts: Sequence[Polynomial]
    alphabet: Alphabet
    limits: Limits
    words: Words = field(init=False)
    numbers: dict[str, int] = field(init=False, default_factory=dict)
    keys: list[str] = field(init=False, default_factory=list)
    candidates: list[_Candidate] = field(init=False, default_factory=list)
    seen: dict[_Candidate, list[int]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.words = Words(self.alphabet)
        self.target = {key: value for key, value in self._collect(self.goal).items() if value}
        self.oriented = self._orient()
        # Terms by the first letter of their word, "" for those with scalars only; constants stand apart.
        self.leading: dict[str, list[tuple[int, int]]] = {}
        self.every: dict[str, list[tuple[int, int]]] = {}
        self.constant: list[tuple[int, int]] = []
        for index, fact in enumerate(self.oriented):
            for position, term in enumerate(fact.terms):
                if not term.degree:
                    self.constant.append((index, position))
                    continue
                self.every.setdefault(term.word[:1], []).append((index, position))
                if not position:
                    self.leading.setdefault(term.word[:1], []).append((index, position))
        lengths = [_degree(key) for key in self.target] + [fact.degree for fact in self.oriented]
        self.base = max(lengths, default=0)

    def run(self) -> tuple[Cofactor, ...] | NotFound:
        if not self.target:
            return ()
        start = [self._number(key) for key in self.target]
        self.span = Span({self._number(key): residue(value) for key, value in self.target.items()})
        rounds, longest, stopped = 0, 0, ""
        for stage in _stages(self.limits):
            limit = self.base + stage.slack
            longest = max(longest, limit)
            reached, stop, used = self._explore(start, stage, limit)
            rounds += used
            if reached:
                found = self._certificate()
                if found is not None:
                    return found
                stop = "coefficients"
            stopped = stop
            if stop in ("candidates", "monomials", "coefficients"):
                break
        met = {number for numbers in self.seen.values() for number in numbers}
        unreached = tuple([self._decode(self.keys[number]) for number in start if number not in met])
        return NotFound(len(self.candidates), len(self.keys), rounds, longest, stopped, unreached)

    def _explore(self, start: list[int], stage: _Stage, limit: int) -> tuple[bool, str, int]:
        """Run one breadth-first stage; return whether the goal was reached, why it stopped, and its rounds."""
        visited = dict.fromkeys(start)
        frontier = list(start)
        for used in range(self.limits.rounds):
            if not frontier:
                return False, "closure", used
            frontier.sort(key=lambda number: (len(self.keys[number]), number))
            following: list[int] = []
            for number in frontier:
                for candidate in self._meeting(self.keys[number], stage, used < stage.insertions):
                    columns = self.seen.get(candidate)
                    if columns is None:
                        row = self._expand(candidate, limit)
                        if row is None:
                            continue
                        columns = self.seen[candidate] = list(row)
                        self.candidates.append(candidate)
                        if self.span.add(row):
                            return True, "", used + 1
                        if len(self.candidates) >= self.limits.candidates:
                            return False, "candidates", used + 1
                        if len(self.keys) >= self.limits.monomials:
                            return False, "monomials", used + 1
                    for column in columns:
                        if column not in visited:
                            visited[column] = None
                            following.append(column)
            frontier = following
        return False, "rounds" if frontier else "closure", self.limits.rounds

    def _meeting(self, key: str, stage: _Stage, insert: bool) -> Iterator[_Candidate]:
        """Yield the multiples of facts one of whose terms is the monomial `key`, earlier facts first."""
        word, *rest = key.split(SEPARATOR)
        scalars = tuple(rest)
        letters = dict.fromkeys(word)
        for scalar in scalars:
            letters |= dict.fromkeys(scalar + self.words.transpose(scalar))
        patterns = self.leading if stage.leading_only else self.every
        matches = list(self.constant) if insert else []
        matches += patterns.get("", [])
        for letter in letters:
            matches += patterns.get(letter, [])
        matches.sort()
        for index, position in matches:
            fact = self.oriented[index]
            term = fact.terms[position]
            remaining = _without(scalars, term.scalars)
            if remaining is None:
                continue
            if fact.scalar:
                yield index, remaining, word, ""
            elif term.word:
                for place in self._occurrences(remaining, word, term):
                    yield index, *place
            elif insert:
                for place in self._insertions(remaining, word, fact.vertex):
                    yield index, *place

    def _occurrences(self, scalars: tuple[str, ...], word: str, term: _Term) -> Iterator[_Place]:
        pattern = term.word
        size = len(pattern)
        at = word.find(pattern)
        while at >= 0:
            yield scalars, word[:at], word[at + size :]
            at = word.find(pattern, at + 1)
        if not scalars:
            return
        splice = self._one(word)
        if splice < 0:
            return
        before, after = word[:splice], word[splice:]
        for position, scalar in enumerate(scalars):
            others = scalars[:position] + scalars[position + 1 :]
            for turned in (scalar, self.words.transpose(scalar)):
                at = turned.find(pattern)
                while at >= 0:
                    yield others, before + turned[:at], turned[at + size :] + after
                    at = turned.find(pattern, at + 1)
        if term.cut >= 0:
            yield from self._outer_products(scalars, before, after, pattern[: term.cut], pattern[term.cut :])

    def _outer_products(
        self, scalars: tuple[str, ...], before: str, after: str, head: str, tail: str
    ) -> Iterator[_Place]:
        """Yield the ways to make head*tail, column times row, from one factor's end and another's beginning."""
        # Position -1 stands for the matrix word, cut where it passes ONE.
        ends = [(-1, before)]
        beginnings = [(-1, after)]
        for position, scalar in enumerate(scalars):
            for turned in (scalar, self.words.transpose(scalar)):
                ends.append((position, turned))
                beginnings.append((position, turned))
        for first, left in ends:
            if not left.endswith(head):
                continue
            left = left[: len(left) - len(head)]
            for second, right in beginnings:
                if first == second or not right.startswith(tail):
                    continue
                right = right[len(tail) :]
                others = tuple([item for position, item in enumerate(scalars) if position not in (first, second)])
                yield others, left if first < 0 else before + left, right if second < 0 else right + after

    def _insertions(self, scalars: tuple[str, ...], word: str, vertex: int) -> Iterator[_Place]:
        for at in self._positions(word, vertex, self.goal.rows):
            yield scalars, word[:at], word[at:]
        splice = self._one(word) if scalars else -1
        if splice < 0:
            return
        for position, scalar in enumerate(scalars):
            others = scalars[:position] + scalars[position + 1 :]
            for at in self._positions(scalar, vertex, ONE):
                yield others, word[:splice] + scalar[:at], scalar[at:] + word[splice:]

    def _positions(self, word: str, vertex: int, start: int) -> list[int]:
        first = [0] if start == vertex else []
        return first + [at for at, letter in enumerate(word, 1) if self.words.cols[letter] == vertex]

    def _one(self, word: str) -> int:
        """Return where a reached word passes ONE, or -1."""
        if not word:
            return 0 if self.goal.rows == ONE else -1
        ones = self.words.ones(word)
        return ones[0] if ones else -1

    def _expand(self, candidate: _Candidate, limit: int) -> dict[int, int] | None:
        """Return a multiple as a vector, or None if it has a word too long or vanishes."""
        index, scalars, left, right = candidate
        fact = self.oriented[index]
        surroundings = len(left) + len(right)
        for scalar in scalars:
            surroundings += len(scalar)
        if surroundings + fact.degree > limit:
            return None
        row: dict[int, int] = {}
        key = self.words.key
        for term in fact.terms:
            number = self._number(key(scalars + term.scalars, left + term.word + right))
            row[number] = row.get(number, 0) + term.residue
        if len(row) < len(fact.terms):
            row = {number: value for number, value in row.items() if value}
        return row or None

    def _certificate(self) -> tuple[Cofactor, ...] | None:
        """Return the combination that reached the goal, checked exactly; None if there is one modulo the prime only."""
        combination = self.span.combination()
        candidates = [self.candidates[number] for number, _ in combination]
        vectors = [self._exact(candidate) for candidate in candidates]
        target = {self._number(key): value for key, value in self.target.items()}
        weights = [rational(value) for _, value in combination]
        total: dict[int, Fraction] = {}
        for weight, vector in zip(weights, vectors, strict=True):
            for number, value in vector.items():
                total[number] = total.get(number, Fraction(0)) + (weight or 0) * value
        if {number: value for number, value in total.items() if value} != target:
            # Some coefficient is too large for one prime; the vectors are known to suffice.
            solved = solve_exactly(vectors, target)
            if solved is None:
                return None
            weights = list(solved)
        return tuple([self._cofactor(weight, one) for weight, one in zip(weights, candidates, strict=True) if weight])

    def _exact(self, candidate: _Candidate) -> dict[int, Fraction]:
        index, scalars, left, right = candidate
        vector: dict[int, Fraction] = {}
        for term in self.oriented[index].terms:
            number = self._number(self.words.key(scalars + term.scalars, left + term.word + right))
            vector[number] = vector.get(number, Fraction(0)) + term.value
        return {number: value for number, value in vector.items() if value}

    def _cofactor(self, coefficient: Fraction, candidate: _Candidate) -> Cofactor:
        index, scalars, left, right = candidate
        fact = self.oriented[index]
        outer, before = self.words.normal(left)
        inner, after = self.words.normal(right)
        left_monomial = self.words.decode(scalars + outer, before)
        return Cofactor(coefficient, left_monomial, fact.number, fact.transposed, self.words.decode(inner, after))

    def _collect(self, polynomial: Polynomial) -> dict[str, Fraction]:
        collected: dict[str, Fraction] = {}
        for (scalars, word), value in polynomial.terms.items():
            outer = tuple([min(item, self.words.transpose(item)) for item in map(self.words.encode, scalars)])
            key = self.words.key(outer, self.words.encode(word))
            collected[key] = collected.get(key, Fraction(0)) + value
        return collected

    def _orient(self) -> list[_Fact]:
        oriented: list[_Fact] = []
        for number, fact in enumerate(self.facts):
            collected = {key: value for key, value in self._collect(fact).items() if value}
            if not collected:
                continue
            oriented.append(self._fact(number, False, fact.rows, fact.cols, collected))
            turned: dict[str, Fraction] = {}
            for key, value in collected.items():
                word, *scalars = key.split(SEPARATOR)
                turned[SEPARATOR.join([self.words.transpose(word), *scalars])] = value
            if turned != collected and turned != {key: -value for key, value in collected.items()}:
                oriented.append(self._fact(number, True, fact.cols, fact.rows, turned))
        return oriented

    def _fact(self, number: int, transposed: bool, rows: int, cols: int, collected: dict[str, Fraction]) -> _Fact:
        terms: list[_Term] = []
        for key in sorted(collected, key=lambda key: (_degree(key), key), reverse=True):
            word, *scalars = key.split(SEPARATOR)
            ones = self.words.ones(word) if word else []
            cut = ones[0] if ones and 0 < ones[0] < len(word) else -1
            value = collected[key]
            terms.append(_Term(tuple(scalars), word, value, residue(value), _degree(key), cut))
        scalar = rows == ONE and cols == ONE
        return _Fact(number, transposed, scalar, rows, terms[0].degree, tuple(terms))

    def _number(self, key: str) -> int:
        number = self.numbers.get(key)
        if number is None:
            number = self.numbers[key] = len(self.keys)
            self.keys.append(key)
        return number

    def _decode(self, key: str) -> Monomial:
        word, *scalars = key.split(SEPARATOR)
        return self.words.decode(scalars, word)


def _stages(limits: Limits) -> list[_Stage]:
    """Cheap stages first: leading terms as rewriting rules, then with insertions, then every term."""
    stages = [_Stage(True, 0, limits.slack), _Stage(True, min(1, limits.insertions), limits.slack)]
    for slack in (1, 2, 4):
        if slack < limits.slack:
            stages.append(_Stage(False, min(1, limits.insertions), slack))
    stages.append(_Stage(False, limits.insertions, limits.slack))
    return stages


def _degree(key: str) -> int:
    return len(key) - key.count(SEPARATOR)


def _without(scalars: tuple[str, ...], removed: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return the multiset difference, or None if `removed` is not contained in `scalars`."""
    if not removed:
        return scalars
    left = list(scalars)
    for item in removed:
        if item not in left:
            return None
        left.remove(item)
    return tuple(left)
