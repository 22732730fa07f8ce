"""A statement in the language of the kernel.

Hypotheses become givens that follow from them (one may lose something, or be left out: what is proved from less holds
all the more); goals become facts that together imply them. ``pinv(A)`` becomes a matrix with Penrose's four equations,
``relu(A)`` the first of two matrices with A = P - Q (scalars: both >= 0, with product 0), a block matrix a sum over
coordinate inclusions, a hypothesis `exists` new letters.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from symlora.claims.statement import Statement
from symlora.claims.terms import Claim, Letter, Term, letters_in
from symlora.decide.columns import is_letter, is_number, linear_map
from symlora.decide.slices import sliced
from symlora.kernel.naturals import ONE, Nat
from symlora.kernel.printing import nat_text

TAKEN = frozenset({"for", "if", "eye", "zero", "rank", "nonsingular", "psd", "inv", "norm2", "sigma", "sqrt", "tr",
                   "nat"})  # fmt: skip


MAX_TEXT = 4_000
"""Characters of a power, which is written out."""
SUMMED = ("number", "nat", "letter", "sigma", "plus", "minus", "times", "power", "transpose", "tr", "norm2")
"""What a term of a sum may be made of."""


WRITTEN = 8
"""Sums of at most so many terms are written out."""


class NoKernelForm(Exception):
    """Something that the kernel's language cannot say; the text names it."""


class Translation:
    """The setup of a theorem for a statement, growing as terms need more of it."""

    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        self.names: dict[str, str] = {}
        self.setup: list[dict[str, Any]] = []
        self.givens: list[str] = []
        self.unused: list[str] = []
        self.prelude: list[dict[str, Any]] = []
        self.witnessing = False
        """Whether a pseudo-inverse is one that a step of the proof brings in, as a witness may need it."""
        self._split: dict[tuple[Nat, Nat], tuple[str, str]] = {}
        # By the kernel's text of what they stand for: one letter may be bound again, with another meaning.
        self._pseudo: dict[str, str] = {}
        self._parts: dict[str, tuple[str, str]] = {}
        self.cuts: dict[tuple[str, str, str], tuple[str, str]] = {}
        """Coordinate inclusions of slices, and sizes of what they leave out."""
        self._sums: dict[str, str] = {}
        self._best: dict[tuple[str, str], str] = {}
        used = statement.used()
        self._reserved = {*statement.letters, *statement.sizes, *TAKEN}
        for name in (*statement.sizes, *(x.name for x in statement.letters.values() if x.kind == "natural")):
            if name in used:
                self.names[name] = self._safe(name)
                self.setup.append({"natural": self.names[name]})
        for name in statement.sizes:
            if name in used:
                self.given(f"1 <= {self.names[name]}")
        for letter in statement.letters.values():
            if letter.kind != "natural" and letter.name in used:
                self.declare(letter)

    def _safe(self, name: str) -> str:
        if name not in TAKEN:
            return name
        return self.fresh(f"{name}_")

    def fresh(self, stem: str) -> str:
        """Return a name that nothing else has."""
        name, number = stem, 1
        while name in self._reserved:
            number += 1
            name = f"{stem}{number}"
        self._reserved.add(name)
        return name

    def release(self, names: list[str]) -> None:
        """Let names be given again, where what they stood for is not used."""
        self._reserved.difference_update(names)

    def declare(self, letter: Letter, name: str = "") -> str:
        """Add a matrix to the setup."""
        self.names[letter.name] = name or self._safe(letter.name)
        shape = [self.size(letter.rows), self.size(letter.cols)]
        self.setup.append({"matrix": self.names[letter.name], "index": [], "shape": shape})
        return self.names[letter.name]

    def given(self, fact: str) -> str:
        """Add a given and return its name."""
        name = f"h{len(self.givens) + 1}"
        self.givens.append(name)
        self.setup.append({"given": name, "fact": fact})
        return name

    def size(self, size: Nat) -> str:
        """Return the kernel text of a size."""
        renamed = tuple(
            (tuple(sorted((self.names.get(name, name), args) for name, args in monomial)), c) for monomial, c in size
        )
        return nat_text(tuple(sorted(renamed)))

    # Terms

    def nat(self, term: Term) -> str:
        """Return a natural-number term as kernel text."""
        kind, args = term.kind, term.args
        if kind == "number" and term.data.denominator == 1:
            return str(term.data) if term.data >= 0 else f"({term.data})"
        if kind == "nat":
            return self.names[term.data]
        if kind == "rank":
            return f"rank({self.text(args[0])})"
        if kind in ("plus", "times"):
            return f"({(' + ' if kind == 'plus' else '*').join(map(self.nat, args))})"
        if kind == "minus":
            return f"(-{self.nat(args[0])})"
        if kind == "power":
            base = self.nat(args[0])
            if term.data * len(base) > MAX_TEXT:
                raise NoKernelForm("powers of powers")
            return f"({'*'.join([base] * term.data)})" if term.data else "1"
        raise NoKernelForm(f"{kind} of naturals")

    def text(self, term: Term) -> str:
        """Return a matrix term as kernel text; raises `NoKernelForm`."""
        kind, args = term.kind, term.args
        if kind == "number":
            value: Fraction = term.data
            return str(value) if value >= 0 else f"(-{-value})"
        if term.natural:
            return f"nat({self.nat(term)})"
        if kind == "letter":
            return self.names[term.data]
        if kind == "zero":
            return f"zero({self.size(term.rows)}, {self.size(term.cols)})"
        if kind == "eye":
            return f"eye({self.size(term.rows)})"
        if kind in ("plus", "times"):
            return f"({(' + ' if kind == 'plus' else '*').join(map(self.text, args))})"
        if kind == "minus":
            return f"(-{self.text(args[0])})"
        if kind == "transpose":
            return f"({self.text(args[0])})'"
        if kind in ("inv", "norm2", "tr", "sqrt"):
            return f"{kind}({self.text(args[0])})"
        if kind == "over" and args[1].kind == "number" and args[1].data:
            return f"(({1 / args[1].data})*{self.text(args[0])})"
        if kind == "over":
            return f"({self.text(args[0])}*inv({self.text(args[1])}))"
        if kind == "power":
            inner = self.text(args[0])
            if term.data * len(inner) > MAX_TEXT:
                raise NoKernelForm("powers of powers")
            return f"({'*'.join([inner] * term.data)})" if term.data else f"eye({self.size(term.rows)})"
        if kind == "normF":
            inner = self.text(args[0])
            return f"sqrt(tr(({inner})'*({inner})))"
        if kind == "sigma":
            return f"sigma({self.text(args[0])}, {self.nat(args[1])})"
        if kind == "block":
            return self._block(term)
        if kind == "slice" and (found := sliced(self, term)) is not None:
            return found
        if kind == "sum":
            return self._sum(term)
        if kind == "pinv":
            return self._inverse(args[0])
        if kind == "best_rank":
            return self._truncated(args[0], args[1])
        if kind in ("relu", "abs") and args[0].kind in ("relu", "abs"):
            return self.text(args[0])  # its entries are >= 0
        if kind == "abs" and args[0].kind == "times" and all(part.scalar for part in args[0].args):
            factors = [Term("abs", (part,), part.rows, part.cols) for part in args[0].args]
            return f"({'*'.join(map(self.text, factors))})"
        if kind == "abs" and args[0].kind == "number":
            return str(abs(args[0].data))
        if kind in ("relu", "abs"):
            positive, negative = self._signed(args[0])
            return positive if kind == "relu" else f"({positive} + {negative})"
        raise NoKernelForm(f"{kind}( )")

    def _block(self, term: Term) -> str:
        up = self._inclusions([row.rows for row in term.args])
        across = self._inclusions([part.cols for part in term.args[0].args])
        parts = []
        for i, row in enumerate(term.args):
            for j, part in enumerate(row.args):
                if part.kind != "zero":
                    parts.append("*".join(filter(None, (up[i], f"({self.text(part)})", across[j] and f"{across[j]}'"))))
        return f"({' + '.join(parts)})" if parts else f"zero({self.size(term.rows)}, {self.size(term.cols)})"

    def _sum(self, term: Term) -> str:
        """Return a member of a family that starts at 0 and adds the terms one by one."""
        low, high, inner = term.args
        simple = all(part.kind in SUMMED for part in inner.walk())
        numbers = all(end.kind == "number" and end.natural for end in (low, high))
        if simple and numbers and low.data >= 1 and high.data - low.data < WRITTEN:
            return self._written_out(str(term.data), range(int(low.data), int(high.data) + 1), inner)
        if low.kind != "number" or low.data != 1 or not inner.scalar or not simple:
            raise NoKernelForm("such a sum")
        last = self.nat(high)
        if not all(part.kind in ("nat", "number", "plus", "times") for part in high.walk()):
            raise NoKernelForm("a sum up to what may be negative")
        before, index = dict(self.names), self.fresh("l")
        self.names[str(term.data)] = index
        text = self.text(inner)
        self.names = before
        if text not in self._sums:
            name = self.fresh("q")
            step = f"{name}[{index} - 1] + {text}"
            family = {"name": name, "shape": ["1", "1"], "start": "zero(1, 1)", "step": step}
            self.setup.append({"define": [family], "index": [index], "up": "0"})
            self._sums[text] = name
        return f"{self._sums[text]}[{last}]"

    def _written_out(self, index: str, values: range, inner: Term) -> str:
        """Return a sum from one number to another; one over nothing is 0."""
        before, texts = dict(self.names), []
        for value in values:
            self.names[index] = str(value)
            texts.append(self.text(inner))
        self.names = before
        return f"({' + '.join(texts)})" if texts else f"zero({self.size(inner.rows)}, {self.size(inner.cols)})"

    def _inclusions(self, sizes: list[Nat]) -> list[str]:
        """Return the coordinate inclusions for one or two blocks."""
        if len(sizes) == 1:
            return [""]
        if len(sizes) > 2:
            raise NoKernelForm("more than two blocks in a row or column")
        key = (sizes[0], sizes[1])
        if key not in self._split:
            first, second = self.fresh("J"), self.fresh("K")
            p, s = (self.size(size) for size in sizes)
            for name, size in ((first, p), (second, s)):
                self.setup.append({"matrix": name, "index": [], "shape": [f"{p} + {s}", size]})
            self.setup.append({
                "such": "axiom/split", "as": f"{first}-{second}", "naturals": {"n": f"{p} + {s}", "p": p, "s": s},
                "natural": {}, "matrices": {"J": first, "K": second},
            })  # fmt: skip
            self.givens += [f"{first}-{second}.g{k}" for k in range(1, 5)]
            self._split[key] = (first, second)
        return list(self._split[key])

    def _signed(self, inner: Term) -> tuple[str, str]:
        """Return matrices P, Q with M = P - Q that stand for relu(M) and relu(-M)."""
        if inner.kind == "minus":
            return self._signed(inner.args[0])[::-1]
        value = self.text(inner)
        if value not in self._parts:
            names = (self.fresh("P"), self.fresh("Q"))
            self._parts[value] = names
            shape = [self.size(inner.rows), self.size(inner.cols)]
            self.setup += [{"matrix": name, "index": [], "shape": shape} for name in names]
            self.given(f"{value} = {names[0]} - {names[1]}")
            if inner.scalar:
                for name in names:
                    self.given(f"psd({name})")
                self.given(f"{names[0]}*{names[1]} = 0")
        return self._parts[value]

    def _inverse(self, inner: Term) -> str:
        a = self.text(inner)
        if a not in self._pseudo:
            name = self.fresh("P")
            self._pseudo[a] = name
            if self.witnessing:
                self.prelude.append({
                    "rule": "cite", "theorem": "matrix/moore-penrose",
                    "naturals": {"m": self.size(inner.rows), "n": self.size(inner.cols)}, "natural": {},
                    "matrices": {"A": a}, "new": {"P": name}, "facts": {},
                    "as": {goal: f"{name}.{goal}" for goal in ("inner", "outer", "left", "right")},
                })  # fmt: skip
                return name
            self.setup.append({"matrix": name, "index": [], "shape": [self.size(inner.cols), self.size(inner.rows)]})
            for fact in (f"{a}*{name}*{a} = {a}", f"{name}*{a}*{name} = {name}", f"({a}*{name})' = {a}*{name}",
                         f"({name}*{a})' = {name}*{a}"):  # fmt: skip
                self.given(fact)
        return self._pseudo[a]

    def _truncated(self, inner: Term, rank: Term) -> str:
        """Return a matrix of which is known what every best approximation of a rank satisfies."""
        a, k = key = self.text(inner), self.nat(rank)
        if key not in self._best:
            self._best[key] = name = self.fresh("N")
            self.setup.append({"matrix": name, "index": [], "shape": [self.size(inner.rows), self.size(inner.cols)]})
            self.given(f"rank({name}) <= {k}")
            self.given(f"norm2({a} - {name}) <= sigma({a}, {k} + 1)")
        return self._best[key]

    # Claims

    def hypotheses(self) -> None:
        """Add givens for the hypotheses; those of which nothing is used are noted."""
        for one in self.statement.hypotheses:
            try:
                facts = self.consequences(one.claim)
            except NoKernelForm:
                facts = []
            for fact in facts:
                self.given(fact)
            if not facts:
                self.unused.append(str(one.claim))

    def consequences(self, claim: Claim) -> list[str]:
        """Return facts that follow from a claim."""
        kind, terms = claim.kind, claim.terms
        if kind == "and":
            return [fact for part in claim.parts for fact in self.consequences(part)]
        if kind == "exists":
            return self._exists(claim)
        if kind == "forall":
            return self._for_all(claim)
        if kind == "!=":
            facts = self.facts(claim)
            if terms[0].natural and terms[1].kind == "number" and terms[1].data == 0:
                facts.append(f"1 <= {self.nat(terms[0])}")
            return facts
        if kind == "<" and not all(term.natural for term in terms):
            left, right = map(self.text, terms)
            return [f"0 <= {right} - {left}", f"nonsingular({right} - {left})"]
        if kind == "pd":
            inner = self.text(terms[0])
            return [f"psd({inner})", f"nonsingular({inner})"]
        if kind == "orthogonal":
            inner, size = self.text(terms[0]), self.size(terms[0].rows)
            return [f"({inner})'*({inner}) = eye({size})", f"({inner})*({inner})' = eye({size})"]
        if kind == "box" and terms[1].scalar and terms[2].scalar:
            x, low, high = map(self.text, terms)
            inside = [f"psd({x} - {low})", f"psd({high} - {x})"] if terms[0].scalar else []
            return [*inside, f"psd({high} - {low})"] if self._has_entries(terms[0]) else inside
        if kind == "diagonal" and terms[0].rows == terms[0].cols:
            return [f"({self.text(terms[0])})' = {self.text(terms[0])}"]
        return self.facts(claim)

    def _exists(self, claim: Claim) -> list[str]:
        """Return what follows for new letters; outside the claim their names mean what they meant before."""
        before = dict(self.names)
        try:
            for letter in claim.letters:
                if letter.kind == "natural":
                    self.names[letter.name] = self.fresh(letter.name)
                    self.setup.append({"natural": self.names[letter.name]})
                else:
                    self.declare(letter, self.fresh(letter.name))
            return [fact for part in claim.parts for fact in self.consequences(part)]
        finally:
            self.names = before

    def _has_entries(self, term: Term) -> bool:
        """Return whether a term has an entry whatever the sizes are; those that are declared as naturals may be 0."""
        sizes = self.statement.sizes
        return all(
            size and all(c > 0 and all(name in sizes for name, _ in monomial) for monomial, c in size)
            for size in (term.rows, term.cols)
        )

    def _for_all(self, claim: Claim) -> list[str]:
        """Return what follows about coefficients from an equation or sign that holds for every column.

        ``for all y: M y = 0 implies C y = 0`` gives ``C pinv(M) M = C``, as I - pinv(M) M maps to the kernel of M.
        """
        body = claim.parts[0]
        if len(claim.parts) > 1:
            body = Claim("implies", (), (claim.parts[1], body))
        if len(claim.letters) != 1 or claim.letters[0].cols != ONE or claim.letters[0].kind != "matrix":
            return []
        (y,) = claim.letters
        if body.kind == "implies":
            maps = [linear_map(part, y) for part in body.parts]
            if None in maps:
                return []
            first, second = (self.text(m) for m in maps if m is not None)
            return [f"{second}*{self._inverse(maps[0])}*{first} = {second}"] if maps[0] is not None else []
        m = linear_map(body, y)
        if m is not None:
            return [f"{self.text(m)} = {self.size_zero(m)}"]
        return self._form(body, y)

    def size_zero(self, m: Term) -> str:
        """Return the text of the zero matrix of the shape of a term."""
        return f"zero({self.size(m.rows)}, {self.size(m.cols)})"

    def _form(self, claim: Claim, y: Letter) -> list[str]:
        """Return what ``y' M y = 0`` or ``0 <= y' M y`` for every y says of M."""
        if claim.kind not in ("=", "<="):
            return []
        left, right = claim.terms
        form, other = (right, left) if claim.kind == "<=" or right.kind == "times" else (left, right)
        plain = form.kind == "times" and len(form.args) > 2 and is_number(other, 0)
        if not plain or form.args[0].kind != "transpose" or not is_letter(form.args[0].args[0], y):
            return []
        inner = form.args[1:-1]
        if not is_letter(form.args[-1], y) or any(y.name in letters_in(part) for part in inner):
            return []
        text = "*".join(f"({self.text(part)})" for part in inner)
        total = f"{text} + ({text})'"
        return (
            [f"psd({total})"] if claim.kind == "<=" else [f"{total} = zero({self.size(y.rows)}, {self.size(y.rows)})"]
        )

    def facts(self, claim: Claim) -> list[str]:
        """Return facts that together say what a claim says; raises `NoKernelForm`."""
        kind, terms = claim.kind, claim.terms
        if kind == "and":
            return [fact for part in claim.parts for fact in self.facts(part)]
        if kind == "<=" and terms[1].kind == "min":
            return [fact for part in terms[1].args for fact in self.facts(Claim("<=", (terms[0], part)))]
        if kind == "<=" and terms[0].kind == "abs" and terms[0].scalar:
            (value,) = terms[0].args
            opposite = Term("minus", (value,), value.rows, value.cols)
            return [fact for part in (value, opposite) for fact in self.facts(Claim("<=", (part, terms[1])))]
        if kind == "not":
            return self.facts(negated(claim.parts[0]))
        if kind == "<=" and terms[0].kind == "max":
            return [fact for part in terms[0].args for fact in self.facts(Claim("<=", (part, terms[1])))]
        if kind in ("=", "<=", "<") and all(term.natural for term in terms):
            left, right = map(self.nat, terms)
            if kind == "<":
                return [f"{left} + 1 <= {right}"]
            return [f"{left} {'==' if kind == '=' else '<='} {right}"]
        if kind == "=":
            return [f"{self.text(terms[0])} = {self.text(terms[1])}"]
        if kind == "<=":
            left, right = map(self.text, terms)
            return [f"psd({right} - {left})"]
        if kind == "<":
            left, right = map(self.text, terms)
            return [f"psd({right} - {left})", f"nonsingular({right} - {left})"]
        if kind == "!=":
            gap = f"({self.text(terms[0])} - {self.text(terms[1])})"
            return [f"nonsingular({gap})" if terms[0].scalar else f"nonsingular(tr({gap}'*{gap}))"]
        if kind == "singular":
            return [f"rank({self.text(terms[0])}) + 1 <= {self.size(terms[0].rows)}"]
        if kind in ("psd", "nonsingular", "pd"):
            inner = self.text(terms[0])
            return [f"{one}({inner})" for one in (("psd", "nonsingular") if kind == "pd" else (kind,))]
        if kind in ("symmetric", "skew"):
            inner = self.text(terms[0])
            return [f"({inner})' = {'-' if kind == 'skew' else ''}({inner})"]
        if kind == "orthogonal":
            inner = self.text(terms[0])
            return [f"({inner})'*({inner}) = eye({self.size(terms[0].rows)})"]
        if kind == "idempotent":
            inner = self.text(terms[0])
            return [f"({inner})*({inner}) = {inner}"]
        raise NoKernelForm(kind)


def negated(claim: Claim) -> Claim:
    """Return what says the opposite of a claim; a matrix is ``singular`` if it is not nonsingular."""
    kind, terms = claim.kind, claim.terms
    if kind in ("=", "!="):
        return Claim("!=" if kind == "=" else "=", terms)
    if kind in ("<=", "<"):
        return Claim("<" if kind == "<=" else "<=", terms[::-1])
    if kind == "not":
        return claim.parts[0]
    if kind in ("and", "or"):
        return Claim("or" if kind == "and" else "and", (), tuple(map(negated, claim.parts)))
    if kind == "nonsingular":
        return Claim("singular", terms)
    if kind == "symmetric":
        (m,) = terms
        return Claim("!=", (m, Term("transpose", (m,), m.cols, m.rows)))
    raise NoKernelForm(f"not {kind}")
