"""From trees to terms with shapes: sizes are found for ``I`` and ``0``, and what does not fit is refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from symlora.claims.errors import ClaimError
from symlora.claims.grammar import PREDICATES
from symlora.claims.parser import Binder, Parser, Raw
from symlora.claims.terms import Claim, Letter, Term, letters_in, number, text
from symlora.kernel import naturals
from symlora.kernel.naturals import ONE, Nat
from symlora.kernel.printing import nat_text

Shape = tuple[Nat, Nat]
SCALAR: Shape = (ONE, ONE)
ENTRYWISE = ("relu", "abs", "floor")
NORMS = ("rank", "norm1", "norm2", "normF", "normInf", "normMax", "normNuc")


def shown(shape: Shape) -> str:
    """Return the text of a shape.

    >>> shown((naturals.atom("m"), ONE))
    'm x 1'
    """
    return f"{nat_text(shape[0])} x {nat_text(shape[1])}"


class Scope:
    """The declared names of a statement; sizes come into being where they are used."""

    def __init__(self) -> None:
        self.letters: dict[str, Letter] = {}
        self.sizes: dict[str, None] = {}
        self.fixed: dict[str, int] = {}

    def declare(self, source: str) -> list[Letter]:
        """Add what a declaration such as ``A, B: m x n`` declares."""
        parser = Parser(source, frozenset(self.letters))
        found = parser.binders()
        parser.end()
        return [self.bind(source, one) for one in found]

    def bind(self, source: str, binder: Binder) -> Letter:
        """Add one declared name."""
        if binder.name in self.letters or binder.name in self.sizes:
            what = "a name" if binder.name in self.letters else "a size"
            raise ClaimError(source, binder.at, "a new name", f"{binder.name!r}, which is already {what} in use")
        if binder.kind == "natural":
            letter = Letter(binder.name, "natural", ONE, ONE)
        elif binder.kind == "scalar":
            letter = Letter(binder.name, "scalar", ONE, ONE)
        else:
            rows, cols = (self.size(source, tree) for tree in binder.sizes)
            letter = Letter(binder.name, "matrix", rows, cols)
        self.letters[binder.name] = letter
        return letter

    def size(self, source: str, tree: Raw) -> Nat:
        """Return a size; unknown names in it become sizes."""
        if tree.kind == "number":
            if int(tree.word) > 1000:
                raise ClaimError(source, tree.at, "a size of at most 1000", tree.word)
            return naturals.number(int(tree.word))
        if tree.kind == "name":
            letter = self.letters.get(tree.word)
            if letter is not None and letter.kind != "natural":
                raise ClaimError(source, tree.at, "a size or a natural", f"the {letter.kind} {tree.word}")
            if tree.word in self.fixed:
                return naturals.number(self.fixed[tree.word])
            if letter is None:
                self.sizes.setdefault(tree.word)
            return naturals.atom(tree.word)
        parts = [self.size(source, part) for part in tree.args]
        if tree.kind == "minus":
            return naturals.negative(parts[0])
        return (naturals.add if tree.kind == "plus" else naturals.times)(parts[0], parts[1])

    def claim(self, source: str) -> Claim:
        """Read a claim; raises `ClaimError`."""
        parser = Parser(source, frozenset({*self.letters, *self.sizes}))
        tree = parser.claim()
        parser.end()
        return Elaboration(source, self).claim(tree)


class Elaboration:
    """Gives shapes to the trees of one text."""

    def __init__(self, source: str, scope: Scope) -> None:
        self.source, self.scope = source, scope

    def wrong(self, tree: Raw, expected: str, found: str) -> ClaimError:
        """Return an error at a tree."""
        return ClaimError(self.source, tree.at, expected, found)

    # Claims

    def claim(self, tree: Raw) -> Claim:
        """Return the claim of a tree."""
        kind = tree.kind
        if kind in ("and", "or", "implies", "iff", "not", "surely"):
            return Claim(kind, (), tuple(self.claim(part) for part in tree.args))
        if kind in ("exists", "forall"):
            return self.quantifier(tree)
        if kind in PREDICATES:
            term = self.determined(tree.args[0])
            square = kind not in ("nonneg", "generic", "diagonal")
            if square and term.rows != term.cols:
                raise self.wrong(tree.args[0], f"a square matrix for {kind}", shown((term.rows, term.cols)))
            return Claim(kind, (term,))
        if kind == "box":
            return self.box(self.determined_or_number(tree.args[0]), tree.args[1:])
        left, right = self.alike(tree, tree.args)
        if kind in ("=", "!="):
            return Claim(kind, (left, right))
        if not left.scalar:
            order = "nonneg(B - A) for entries and psd(B - A) for symmetric matrices"
            raise self.wrong(tree, f"scalars beside {kind}, or {order}", f"matrices of shape {shown(_shape(left))}")
        return Claim(kind[:1] + kind[1:] if kind[0] == "<" else kind.replace(">", "<"),
                     (left, right) if kind[0] == "<" else (right, left))  # fmt: skip

    def quantifier(self, tree: Raw) -> Claim:
        binders, body, *limits = tree.args
        letters: list[Letter] = []
        new: list[str] = []
        inside: list[Claim] = []
        for one in binders.args:
            sort, *bounds = one.args
            if sort.kind == "known" or (bounds and self._declared(one, sort)):
                letters.append(self.known(one, letters))
            else:
                letters.append(self.scope.bind(self.source, Binder(one.word, one.at, sort.kind, sort.args)))
                new.append(one.word)
            if bounds and letters[-1].kind == "natural":
                raise self.wrong(bounds[0], "a matrix, column or scalar before 'in box'", f"the natural {one.word}")
            if bounds:
                letter = letters[-1]
                term = Term("letter", (), letter.rows, letter.cols, letter.name)
                inside.append(self.box(term, bounds, {x.word for x in binders.args}))
        try:
            parts = [self.claim(part) for part in (body, *limits)]
        finally:
            for name in new:
                del self.scope.letters[name]
        if inside:
            parts[1:] = [Claim("and", (), (*inside, *parts[1:])) if len(inside) + len(parts) > 2 else inside[0]]
        return Claim(tree.kind, (), tuple(parts), tuple(letters))

    def _declared(self, tree: Raw, sort: Raw) -> bool:
        """Return whether a name was declared with just this shape, as in a printed quantifier over a box."""
        letter = self.scope.letters.get(tree.word)
        if letter is None or sort.kind not in ("matrix", "scalar"):
            return False
        shape = tuple(self.scope.size(self.source, size) for size in sort.args) or SCALAR
        return (letter.kind, letter.rows, letter.cols) == (sort.kind, *shape)

    def known(self, tree: Raw, others: Sequence[Letter]) -> Letter:
        """Return the declared letter that a quantifier binds without a shape."""
        letter = self.scope.letters.get(tree.word)
        if letter is None or letter.kind == "natural" or letter in others:
            found = "a name bound twice" if letter in others else repr(tree.word)
            raise self.wrong(tree, f'a declared matrix or scalar, or its shape as in "{tree.word}: n in box"', found)
        return letter

    def box(self, term: Term, bounds: Iterable[Raw], bound: Iterable[str] = ()) -> Claim:
        """Return the claim that the entries of a term lie between two bounds, scalars or matrices of its shape."""
        sides = []
        for tree in bounds:
            side = self.determined_or_number(tree)
            if not side.scalar and _shape(side) != _shape(term):
                found = f"{text(side)} of shape {shown(_shape(side))}"
                raise self.wrong(tree, f"a scalar or shape {shown(_shape(term))} as a bound of the box", found)
            inner = letters_in(side).intersection(bound)
            if inner:
                raise self.wrong(tree, "bounds that are known before the quantifier", f"{min(inner)!r}, which it binds")
            sides.append(side)
        return Claim("box", (term, *sides))

    # Terms

    def determined(self, tree: Raw) -> Term:
        """Return a term whose shape its own parts determine."""
        term = self.term(tree, None)
        if term is None:
            raise self.wrong(tree, "a term whose size is known, such as I(n)", "only I or 0")
        return term

    def scalar(self, tree: Raw, what: str) -> Term:
        """Return a term that has to be a scalar."""
        term = self.determined_or_number(tree)
        if not term.scalar:
            raise self.wrong(tree, f"a scalar {what}", f"a matrix of shape {shown(_shape(term))}")
        return term

    def determined_or_number(self, tree: Raw) -> Term:
        return self.term(tree, None) or self.need(tree, SCALAR)

    def need(self, tree: Raw, shape: Shape) -> Term:
        """Return a term of a given shape."""
        term = self.term(tree, shape)
        if term is None or _shape(term) != shape:
            found = "no size" if term is None else f"{text(term)} of shape {shown(_shape(term))}"
            hint = ""
            if term is not None and term.kind == "number":
                hint = "; write I for the identity, 0 for the zero matrix"
            raise self.wrong(tree, f"shape {shown(shape)}", found + hint)
        return term

    def alike(self, tree: Raw, parts: Iterable[Raw]) -> list[Term]:
        """Return terms of one shape, which any of them may determine."""
        trees = list(parts)
        terms = [self.term(part, None) for part in trees]
        shape = next((_shape(term) for term in terms if term is not None), None)
        if shape is None:
            if all(_is_zero(part) for part in trees):
                shape = SCALAR
            else:
                raise self.wrong(tree, "a term whose size is known, such as I(n)", "only I or 0")
        return [self.need(part, shape) for part in trees]

    def term(self, tree: Raw, want: Shape | None) -> Term | None:
        """Return the term of a tree, None if its shape is open and none is wanted."""
        found: Term | None = getattr(self, f"_{tree.kind}")(tree, want)
        return found

    def _number(self, tree: Raw, want: Shape | None) -> Term | None:
        value = Fraction(tree.word)
        if value or want == SCALAR:
            return number(value)
        return None if want is None else Term("zero", (), *want)

    def _name(self, tree: Raw, want: Shape | None) -> Term:
        name = tree.word
        letter = self.scope.letters.get(name)
        if name in self.scope.fixed:
            return number(self.scope.fixed[name])
        if letter is None:
            if name in self.scope.sizes:
                return Term("nat", (), ONE, ONE, name, True)
            known = ", ".join([*self.scope.letters, *self.scope.sizes]) or "nothing"
            raise self.wrong(tree, f'a declared name (declared: {known}); add --let "{name}: m x n"', f"{name!r}")
        if letter.kind == "natural":
            return Term("nat", (), ONE, ONE, name, True)
        return Term("letter", (), letter.rows, letter.cols, name)

    def _eye(self, tree: Raw, want: Shape | None) -> Term | None:
        if tree.args:
            size = self.nat(tree.args[0])
            return Term("eye", (), size, size)
        if want is None:
            return None
        if want[0] != want[1]:
            raise self.wrong(tree, f"shape {shown(want)}", "I, which is square")
        return Term("eye", (), *want)

    def _plus(self, tree: Raw, want: Shape | None) -> Term | None:
        chain = [tree]
        while chain[-1].args[0].kind == "plus":
            chain.append(chain[-1].args[0])
        trees = [chain[-1].args[0], *(node.args[1] for node in reversed(chain))]
        terms = [self.term(part, None) for part in trees]
        known = [term for term in terms if term is not None]
        shape = want or next(map(_shape, known), None)
        if shape is None:
            return None
        for term, node in zip(terms[1:], reversed(chain), strict=True):
            first = known[0] if known else None
            if term is not None and first is not None and _shape(term) != _shape(first):
                found = f"{text(first)} ({shown(_shape(first))}) and {text(term)} ({shown(_shape(term))})"
                number_inside = "number" in (term.kind, first.kind)
                hint = "; a number is a scalar, the identity is written I" if number_inside else ""
                raise self.wrong(node, "terms of one shape", found + hint)
        parts = [self.need(part, shape) if term is None else term for part, term in zip(trees, terms, strict=True)]
        if _shape(parts[0]) != shape:
            self.need(tree.args[0], shape)
        flat = [inner for part in parts for inner in (part.args if part.kind == "plus" else (part,))]
        return Term("plus", tuple(flat), *shape, natural=all(part.natural for part in flat))

    def _minus(self, tree: Raw, want: Shape | None) -> Term | None:
        inner = self.term(tree.args[0], want)
        if inner is None:
            return None
        if inner.kind == "number":
            return number(-inner.data)
        return Term("minus", (inner,), inner.rows, inner.cols, natural=inner.natural)

    def _times(self, tree: Raw, want: Shape | None) -> Term | None:
        chain = [tree]
        while chain[-1].args[0].kind == "times":
            chain.append(chain[-1].args[0])
        trees = [chain[-1].args[0], *(node.args[1] for node in reversed(chain))]
        terms = [self.term(part, None) for part in trees]
        big = [(i, term) for i, term in enumerate(terms) if term is not None and not term.scalar]
        if not big and None in terms:
            if want is None:
                return None
            # Scalars times I or 0: the first open factor takes the whole shape.
            place = terms.index(None)
            terms[place] = self.need(trees[place], want)
        for i, part in enumerate(trees):
            if terms[i] is None:
                before = next((t for t in reversed(terms[:i]) if t is not None and not t.scalar), None)
                after = next((t for t in terms[i + 1 :] if t is not None and not t.scalar), None)
                size = before.cols if before is not None else after.rows if after is not None else ONE
                terms[i] = self.need(part, (size, size))
        factors = [term for term in terms if term is not None]
        rows, cols = factors[0].rows, factors[0].cols
        joined = factors[0]
        for term, node in zip(factors[1:], trees[1:], strict=True):
            if cols == term.rows:
                cols = term.cols
            elif (rows, cols) == SCALAR:
                rows, cols = term.rows, term.cols
            elif not term.scalar:
                found = f"{text(joined)} ({shown((rows, cols))}) times {text(term)} ({shown(_shape(term))})"
                raise self.wrong(node, "inner sizes that agree", found)
            parts = (*joined.args, term) if joined.kind == "times" else (joined, term)
            joined = Term("times", parts, rows, cols, natural=joined.natural and term.natural)
        if len(factors) > 1 and all(term.kind == "number" for term in factors):
            value = Fraction(1)
            for term in factors:
                value *= term.data
            return number(value)
        return joined

    def _over(self, tree: Raw, want: Shape | None) -> Term | None:
        top, bottom = tree.args
        below = self.scalar(bottom, "below /")
        if below.kind == "number" and below.data == 0:
            raise self.wrong(bottom, "a denominator that is not 0", "0")
        above = self.term(top, want)
        if above is None:
            return None
        if below.kind == "number" and above.kind == "number":
            return number(above.data / below.data)
        if not above.scalar:
            inverse = Term("over", (number(1), below), ONE, ONE) if below.kind != "number" else number(1 / below.data)
            return Term("times", (inverse, above), above.rows, above.cols)
        return Term("over", (above, below), ONE, ONE)

    def _transpose(self, tree: Raw, want: Shape | None) -> Term | None:
        inner = self.term(tree.args[0], None if want is None else (want[1], want[0]))
        return None if inner is None else Term("transpose", (inner,), inner.cols, inner.rows)

    def _power(self, tree: Raw, want: Shape | None) -> Term | None:
        inner = self.term(tree.args[0], want)
        exponent = int(tree.word)
        if inner is None:
            return None
        if inner.rows != inner.cols:
            raise self.wrong(tree.args[0], "a square matrix below ^", shown(_shape(inner)))
        if inner.scalar and exponent < 0:
            if inner.kind == "number":
                if inner.data == 0:
                    raise self.wrong(tree.args[0], "a number that is not 0 below ^", "0")
                return number(inner.data**exponent)
            below = inner if exponent == -1 else Term("power", (inner,), ONE, ONE, -exponent)
            return Term("over", (number(1), below), ONE, ONE)
        base = Term("inv", (inner,), inner.rows, inner.cols) if exponent < 0 else inner
        if abs(exponent) == 1:
            return base
        return Term("power", (base,), base.rows, base.cols, abs(exponent), natural=base.natural)

    def _slice(self, tree: Raw, want: Shape | None) -> Term:
        base = self.determined(tree.args[0])
        sizes, parts = [], []
        for part, whole in zip(tree.args[1:], _shape(base), strict=True):
            if part.kind == "whole":
                sizes.append(whole)
                parts.append(Term("whole", (), ONE, ONE))
            elif part.kind == "range":
                low, high = (self.nat(end) for end in part.args)
                sizes.append(naturals.add(naturals.minus(high, low), ONE))
                ends = tuple(self.scalar(end, "as an index") for end in part.args)
                parts.append(Term("range", ends, ONE, ONE))
            else:
                sizes.append(ONE)
                parts.append(self.scalar(part, "as an index"))
                self.nat(part)
        return Term("slice", (base, *parts), sizes[0], sizes[1])

    def _sum(self, tree: Raw, want: Shape | None) -> Term | None:
        low, high, inner = tree.args
        ends = [self.scalar(end, "as an end of the sum") for end in (low, high)]
        name = tree.word
        if name in self.scope.letters or name in self.scope.sizes:
            raise self.wrong(tree, "a new name for the index", f"{name!r}, which is in use")
        self.scope.letters[name] = Letter(name, "natural", ONE, ONE)
        try:
            term = self.term(inner, want)
        finally:
            del self.scope.letters[name]
        return None if term is None else Term("sum", (*ends, term), term.rows, term.cols, name)

    def _block(self, tree: Raw, want: Shape | None) -> Term | None:
        grid = [[self.term(part, None) for part in row.args] for row in tree.args]
        width = max(map(len, grid))
        if any(len(row) != width for row in grid):
            raise self.wrong(tree, f"{width} blocks in every row", ", ".join(str(len(row)) for row in grid))
        heights = [next((t.rows for t in row if t is not None), None) for row in grid]
        widths = [next((row[j].cols for row in grid if row[j] is not None), None) for j in range(width)]  # type: ignore[union-attr]
        for i, row in enumerate(tree.args):
            for j, part in enumerate(row.args):
                if part.kind == "eye":  # I is square, so one known side gives the other
                    heights[i], widths[j] = heights[i] or widths[j], widths[j] or heights[i]
        flat = zip((part for row in tree.args for part in row.args), (t for row in grid for t in row), strict=True)
        if all((part if t is None else t).kind == "number" for part, t in flat):
            heights, widths = [ONE] * len(heights), [ONE] * width  # a matrix of numbers, 0 among them
        if None in heights or None in widths:
            raise self.wrong(tree, "blocks whose sizes are known, such as I(n)", "a row or column of I and 0 only")
        rows = []
        for i, row in enumerate(tree.args):
            items = tuple(self.need(part, (heights[i] or ONE, widths[j] or ONE)) for j, part in enumerate(row.args))
            rows.append(Term("row", items, heights[i] or ONE, ONE))
        total = [naturals.ZERO, naturals.ZERO]
        for axis, sizes in enumerate((heights, widths)):
            for size in sizes:
                total[axis] = naturals.add(total[axis], size or ONE)
        return Term("block", tuple(rows), total[0], total[1])

    def _call(self, tree: Raw, want: Shape | None) -> Term | None:
        word, args = tree.word, tree.args
        if word in ("ones", "zeros"):
            sizes = [self.nat(arg) for arg in args]
            return Term("zero" if word == "zeros" else "ones", (), sizes[0], sizes[1] if len(sizes) > 1 else ONE)
        if word in ENTRYWISE:
            inner = self.term(args[0], want)
            return None if inner is None else Term(word, (inner,), inner.rows, inner.cols)
        if word in ("max", "min", "hadamard"):
            left, right = self.alike(tree, args)
            natural = left.natural and right.natural
            return Term(word, (left, right), left.rows, left.cols, natural=natural and word != "hadamard")
        inner = self.determined_or_number(args[0]) if word == "sqrt" else self.determined(args[0])
        if word in NORMS:
            return Term(word, (inner,), ONE, ONE, natural=word == "rank")
        if word in ("sigma", "best_rank"):
            self.nat_or_rank(args[1])
            index = self.scalar(args[1], f"as the number in {word}")
            shape = SCALAR if word == "sigma" else _shape(inner)
            if word == "sigma" and index.kind == "number" and index.data < 1:
                raise self.wrong(args[1], "the number of a singular value, from 1 on", text(index))
            return Term(word, (inner, index), *shape)
        if word == "kron":
            other = self.determined(args[1])
            rows, cols = naturals.times(inner.rows, other.rows), naturals.times(inner.cols, other.cols)
            return Term(word, (inner, other), rows, cols)
        if word == "sqrt":
            if not inner.scalar:
                raise self.wrong(args[0], "a scalar below sqrt", shown(_shape(inner)))
            return Term(word, (inner,), ONE, ONE)
        if word == "pinv":
            return Term(word, (inner,), inner.cols, inner.rows)
        if word == "diag":
            if inner.cols != ONE:
                raise self.wrong(args[0], "a column for diag", shown(_shape(inner)))
            return Term(word, (inner,), inner.rows, inner.rows)
        if inner.rows != inner.cols:
            raise self.wrong(args[0], f"a square matrix for {word}", shown(_shape(inner)))
        if word == "diagpart":
            return Term(word, (inner,), *_shape(inner))
        if word == "inv":
            if inner.scalar:
                return Term("over", (number(1), inner), ONE, ONE)
            return Term(word, (inner,), *_shape(inner))
        return Term(word, (inner,), ONE, ONE)

    # Naturals inside shapes

    def nat(self, tree: Raw) -> Nat:
        """Return a size written as a term."""
        if tree.kind in ("plus", "times", "minus", "number", "name"):
            try:
                if tree.kind == "name" and tree.word not in self.scope.sizes and tree.word not in self.scope.fixed:
                    letter = self.scope.letters.get(tree.word)
                    if letter is None or letter.kind != "natural":
                        raise self.wrong(tree, "a size or a natural", f"{tree.word!r}")
                if tree.kind in ("plus", "times", "minus"):
                    parts = [self.nat(part) for part in tree.args]
                    if tree.kind == "minus":
                        return naturals.negative(parts[0])
                    return (naturals.add if tree.kind == "plus" else naturals.times)(parts[0], parts[1])
                return self.scope.size(self.source, tree)
            except ValueError as error:
                if isinstance(error, ClaimError):
                    raise
        raise self.wrong(tree, "a size such as n + 1", "another term")

    def nat_or_rank(self, tree: Raw) -> None:
        """Refuse an index that is not a natural-number term."""
        term = self.determined_or_number(tree)
        if not term.natural:
            raise self.wrong(tree, "a natural number such as k or rank(A) + 1", text(term))


def _shape(term: Term) -> Shape:
    return term.rows, term.cols


def _is_zero(tree: Raw) -> bool:
    return tree.kind == "number" and Fraction(tree.word) == 0
