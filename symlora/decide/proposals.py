"""Values at which a condition about generic letters may hold: identities in corners, zeros, solved sums."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, product

from symlora.claims.almost import free
from symlora.claims.terms import Claim, Letter, Term, letters_in, number
from symlora.decide.clauses import negative, replaced, summed
from symlora.decide.sizes import common, size_of
from symlora.kernel import naturals
from symlora.kernel.naturals import ONE, ZERO, Nat


def inclusion(rows: Nat, cols: Nat, corner: Nat | None = None) -> Term | None:
    """Return the matrix of a shape with an identity in its corner, as large as the form of the sizes shows.

    >>> from symlora.kernel.naturals import add, atom
    >>> str(inclusion(atom("m"), add(atom("m"), atom("s"))))
    '[I(m), 0]'
    """
    size = common(rows, cols) if corner is None else common(corner, common(rows, cols))
    if size == ZERO or (corner is not None and size != corner):
        return None
    unit = Term("eye", (), size, size) if size != ONE else number(1)
    if rows == cols == size:
        return unit
    heights, widths = ([size, naturals.minus(side, size)] for side in (rows, cols))
    lines = []
    for i, height in enumerate(h for h in heights if h != ZERO):
        parts = [unit if i == j == 0 else Term("zero", (), height, width)
                 for j, width in enumerate(w for w in widths if w != ZERO)]  # fmt: skip
        lines.append(Term("row", tuple(parts), height, ONE))
    return Term("block", tuple(lines), rows, cols)


def beside(rows: Nat, cols: Nat) -> Term | None:
    """Return the matrix of a shape whose only entry other than 0 is a 1 in row 1 and column 2.

    >>> from symlora.kernel.naturals import add, atom, number as size
    >>> str(beside(size(1), add(size(2), atom("s"))))
    '[0, [1, 0]]'
    """
    below, right = (naturals.minus(side, ONE) for side in (rows, cols))
    first = inclusion(ONE, right, ONE)
    if first is None or common(rows, ONE) != ONE:
        return None
    lines = [Term("row", (number(0), first), ONE, ONE)]
    if below != ZERO:
        lines.append(Term("row", (Term("zero", (), below, ONE), Term("zero", (), below, right)), below, ONE))
    return Term("block", tuple(lines), rows, cols)


def proposals(condition: Claim, letters: tuple[Letter, ...], sizes: tuple[str, ...], columns: Sequence[Letter] = (),
              ) -> Iterator[tuple[Term, ...]]:  # fmt: skip
    """Yield values at which a condition may hold: identities in corners, zeros, and what a summand ±G has to be.

    Also, for one generic letter, the matrices whose first row is one of some columns transposed.
    """
    corners = [size for one in condition.walk() if one.terms and (size := size_of(one.terms[0], sizes)) is not None]
    for size in (*corners, ONE):
        units = tuple(inclusion(letter.rows, letter.cols, size) for letter in letters)
        if None not in units:
            yield tuple(unit for unit in units if unit is not None)
    if len(letters) == 1:
        yield from ((value,) for value in _rows(letters[0], columns))
    pools = [list(_simple(letter)) for letter in letters]
    mains = [main for one in condition.walk() for term in one.terms for main in _mains(term)]
    names = {letter.name for letter in letters}
    if all(letters_in(main) <= names for main in mains):
        yield from islice(product(*pools), 1)  # where other letters occur, identities seldom do for all of their values
    for values in product(*(pool[:2] for pool in pools)):
        for k, letter in enumerate(letters):
            known = {x.name: v for x, v in zip(letters, values, strict=True) if x.name != letter.name}
            for main in mains:
                inner = replaced(main, lambda t, known=known: known.get(t.data) if t.kind == "letter" else None)  # type: ignore[misc]
                for value in _solved(inner, letter):
                    yield (*values[:k], value, *values[k + 1 :])
    yield from product(*pools)


def _rows(letter: Letter, columns: Sequence[Letter]) -> Iterator[Term]:
    first = inclusion(letter.rows, ONE, ONE)
    for x in columns:
        if first is not None and x.rows == letter.cols:
            column = Term("letter", (), x.rows, x.cols, x.name)
            row = Term("transpose", (column,), ONE, x.rows)
            yield row if letter.rows == ONE else Term("times", (first, row), letter.rows, letter.cols)


def _mains(term: Term) -> Iterator[Term]:
    if term.kind in ("rank", "det"):
        yield term.args[0]
    elif term.kind in ("plus", "min", "max") and term.natural:
        for part in term.args:
            yield from _mains(part)
    else:
        yield term


def _simple(letter: Letter) -> Iterator[Term]:
    shape = (letter.rows, letter.cols)
    if shape == (ONE, ONE):
        yield from map(number, (1, 0, -1, 2, 3))
        return
    unit = inclusion(*shape)
    if unit is not None:
        yield unit
    yield Term("zero", (), *shape)
    corner = inclusion(*shape, ONE)
    if corner is not None and corner != unit:
        yield corner
    if (above := beside(*shape)) is not None:
        yield above
    if unit is not None:
        yield Term("minus", (unit,), *shape)
        yield Term("times", (number(2), unit), *shape)


def _solved(main: Term, letter: Letter) -> Iterator[Term]:
    """Yield values of the letter at which a sum with the summand ±G is an identity in a corner.

    For [G, B; C, I] it is I + B C: then the matrix is the product of two triangular ones with identities.
    """
    if main.kind == "block" and len(main.args) == 2 == len(main.args[0].args):
        (p, q), (r, s) = (row.args for row in main.args)
        for corner, other, left, right in ((p, s, q, r), (s, p, r, q)):
            if other.kind == "eye" and corner.kind == "letter" and corner.data == letter.name:
                both = Term("times", (left, right), corner.rows, corner.cols)
                if not free(both, {letter.name}):
                    yield summed([Term("eye", (), corner.rows, corner.cols), both])
    parts = main.args if main.kind == "plus" else (main,)
    for i, part in enumerate(parts):
        sign, inner = (-1, part.args[0]) if part.kind == "minus" else (1, part)
        flipped = inner.kind == "transpose"
        inner = inner.args[0] if flipped else inner
        rest = [*parts[:i], *parts[i + 1 :]]
        if inner.kind != "letter" or inner.data != letter.name or any(free(one, {letter.name}) for one in rest):
            continue
        unit = inclusion(main.rows, main.cols)
        if unit is None or not rest:
            continue
        value = summed([unit, *map(negative, rest)])
        value = negative(value) if sign < 0 else value
        yield Term("transpose", (value,), value.cols, value.rows) if flipped else value
