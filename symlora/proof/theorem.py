"""A theorem: its statement, then its steps; leaving the block makes the certificate."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any

from sympy import Symbol

from symlora.kernel.context import Context
from symlora.kernel.errors import Rejected
from symlora.kernel.replay import add_item
from symlora.kernel.syntax import tokens
from symlora.language import (
    Claim,
    ForAll,
    Matrix,
    MatrixFamily,
    Member,
    NaturalFamily,
    RangeProduct,
    RangeSum,
    nat_text,
    natural,
)
from symlora.language import as_natural as read_natural
from symlora.language import matrix as make_matrix
from symlora.language.families import parameters
from symlora.language.matrices import as_matrix
from symlora.language.names import check_name
from symlora.proof.decomposition import Decomposition
from symlora.proof.done import Done
from symlora.proof.errors import ProofError
from symlora.proof.journal import Journal
from symlora.proof.registry import Built, registry
from symlora.proof.statement import Names
from symlora.proof.steps import Proof
from symlora.rules.pruning import prune
from symlora.rules.scope import Scope

Shape = Sequence[Any] | Callable[..., Sequence[Any]]


class Theorem(Proof):
    """One theorem with its proof, used as ``with theorem("id", title=…) as t:``.

    First the statement: naturals, matrices, families, definitions, givens. Then the steps (`have`, `calc`,
    `induction`, `cases`, `cite`, `obtain`), and `show` for what the theorem states.
    """

    def __init__(self, name: str, title: str = "", source: str = "", expect: str = "proved") -> None:
        library = registry.library()
        scope = Scope(Context(), library, "theorem", fetch=lambda name: registry.fetch(name, library))
        super().__init__(scope, Names(), Journal())
        self.name, self.title, self.source, self.expect = name, title, source, expect
        self._setup: list[dict[str, Any]] = []
        self._goals: list[dict[str, str]] = []
        self._done: list[str] = []
        self._exists: dict[str, tuple[dict[str, Any], str, str]] = {}
        self._family_witness: dict[str, str] = {}
        self._witness: dict[Member, Matrix] = {}

    def __enter__(self) -> Theorem:
        registry.begin(self.name)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        registry.open.remove(self.name)
        if kind is None:
            self._finish()

    # The statement

    def naturals(self, names: str, least: int = 0) -> tuple[Symbol, ...]:
        """Declare naturals, ``D, L = t.naturals("D L")``; with `least`, the given ``least-D: least <= D`` for each."""
        made = []
        for name in names.split():
            made.append(natural(name))
            self._declare({"natural": name}, name, f"the natural {name}")
            if least:
                self._declare({"given": f"least-{name}", "fact": f"{least} <= {name}"})
        return tuple(made)

    def natural(self, name: str, least: int = 0) -> Symbol:
        """Declare one natural."""
        return self.naturals(name, least)[0]

    def natural_family(self, name: str, index: str = "l") -> NaturalFamily:
        """Declare a family of naturals, such as the widths ``d[l]`` of layers."""
        self._declare({"naturals": name, "index": [index]}, name, f"the family {name} of naturals with 1 index")
        return NaturalFamily(name)

    def matrix(self, name: str, shape: Sequence[Any]) -> Member:
        """Declare a real matrix of the given shape (rows, columns)."""
        if len(shape) != 2:
            raise ProofError(f"expected a shape (rows, columns) for {name}, found {shape!r}")
        made = make_matrix(name, *shape)
        sizes = [nat_text(size) for size in made.shape]
        self._declare({"matrix": name, "index": [], "shape": sizes}, name, f"the matrix {name}")
        return made

    def matrices(self, names: str, shape: Sequence[Any]) -> tuple[Member, ...]:
        """Declare several real matrices of one shape."""
        return tuple(self.matrix(name, shape) for name in names.split())

    def family(self, name: str, shape: Shape, over: Sequence[Any] | None = None, index: str = "l") -> MatrixFamily:
        """Declare a family of real matrices; `shape` may be a function of the index, `over` its range (first, last).

        The range is checked where an index is written; only facts carry it into the proof.
        """
        made = MatrixFamily(name, shape, (index,), over)
        rows, cols = (
            made[natural(index)].shape if over is None else MatrixFamily(name, shape, (index,))[natural(index)].shape
        )
        item = {"matrix": name, "index": [index], "shape": [nat_text(rows), nat_text(cols)]}
        self._declare(item, name, f"the family {name} of matrices with 1 index")
        return made

    def for_every_svd(self, E: Matrix, projectors: str = "T", vectors: str = "G") -> Decomposition:
        """Let a singular value decomposition of E be given: what is proved then holds for every one.

        `projectors` and `vectors` name the families T[k] = V(1..k) V(1..k)' and G[a, r] = V(a+1..a+r) of right singular
        vectors; see `Decomposition`.
        """
        m, n = E.shape
        a, r = (self._names.table.fresh(index) for index in ("a", "r"))
        for name, index, shape in ((projectors, [a], (n, n)), (vectors, [a, r], (n, natural(r)))):
            item = {"matrix": name, "index": index, "shape": [nat_text(size) for size in shape]}
            self._declare(item, name, f"the family {name} of matrices with {len(index)} index")
        text = self._names.expression(E, self._scope)
        such = {"such": "axiom/svd", "as": "svd", "naturals": {"m": nat_text(m), "n": nat_text(n)}, "natural": {},
                "matrices": {"E": text, f"T[{a}]": f"{projectors}[{a}]",
                             f"G[{a},{r}]": f"{vectors}[{a}, {r}]"}}  # fmt: skip
        self._declare(such)
        self.record("svd", f"{projectors}, {vectors} form a singular value decomposition of {E}", "", "given")
        return Decomposition(E, MatrixFamily(projectors, (n, n), ("a",)),
                             MatrixFamily(vectors, lambda a, r: (n, r), ("a", "r")))  # fmt: skip

    def define(self, name: str, value: Any) -> Any:
        """Define a matrix, or a family by a function of its index.

        The value is an expression in what is in scope; a product or sum over a range that ends at the index, or
        starts after it, becomes a family with its recursion (``P[l] = W[l]*P[l-1]``).
        """
        check_name(name)
        if isinstance(value, Matrix) or not callable(value):
            expression = as_matrix(value)
            text = self._names.expression(expression, self._scope)
            sizes = [nat_text(size) for size in expression.shape]
            self._declare(
                {"define": [{"name": name, "shape": sizes, "is": text}], "index": []}, name, f"the matrix {name}"
            )
            return make_matrix(name, *expression.shape)
        index = [natural(check_name(one)) for one in parameters(value, len(_names_of(value)))]
        expression = as_matrix(value(*index))
        self._names.table.declare(name, f"the family {name} of matrices with {len(index)} index")
        if isinstance(expression, (RangeProduct, RangeSum)) and len(index) == 1:
            return self._names.define_range(name, index[0], expression, self._scope)
        inner = self._scope.with_naturals([one.name for one in index])
        text = self._names.expression(expression, inner)
        rows, cols = expression.shape
        item = {"define": [{"name": name, "shape": [nat_text(rows), nat_text(cols)], "is": text}],
                "index": [one.name for one in index]}  # fmt: skip
        self._declare(item)
        return MatrixFamily(name, _shape_at(index, rows, cols), tuple(one.name for one in index))

    def recursion(self, names: str, step: Callable[..., Mapping[str, Any]], *, start: Mapping[str, Any], shape: Any,
                  first: Any = 0) -> tuple[MatrixFamily, ...]:  # fmt: skip
        """Define families together by recursion upwards: values at ``first``, then step(l, *families) for l > first.

        `step` returns the members at l of each family, from members at ``l - 1`` and, for families named earlier,
        at l. `shape` is one shape for all, or a mapping from names to shapes; a shape may be a function of the index.
        """
        labels = names.split()
        (label, *rest) = list(_names_of(step))
        if len(rest) != len(labels):
            raise ProofError(f"recursion {names!r}: expected a step function of an index and {len(labels)} families")
        index = natural(check_name(label))
        shapes = {name: shape[name] if isinstance(shape, Mapping) else shape for name in labels}
        families = {name: MatrixFamily(name, shapes[name], (label,)) for name in labels}
        values = step(index, *families.values())
        if set(values) != set(labels) or not set(start) <= set(labels):
            raise ProofError(f"recursion {names!r}: expected values for {', '.join(labels)}, found {', '.join(values)}")
        inner = self._scope.with_naturals([index.name])
        blocks = []
        for name in labels:
            self._names.table.declare(name, f"the family {name} of matrices with 1 index")
            rows, cols = families[name][index].shape
            block = {"name": name, "shape": [nat_text(rows), nat_text(cols)]}
            if name in start:
                block["start"] = self._names.expression(as_matrix(start[name]), self._scope)
            block["step"] = self._names.expression(as_matrix(values[name]), inner)
            blocks.append(block)
        self._declare({"define": blocks, "index": [label], "up": nat_text(read_natural(first))})
        return tuple(families.values())

    def given(self, name: str, claim: object, *ranges: object) -> Done:
        """Assume a claim: ``t.given("h", claim)`` or ``t.given("h", lambda l: claim, (1, L))``."""
        stated, _ = self._read(claim, (*ranges, "given"))
        text = self._names.claim(stated, self._scope)
        self._declare({"given": name, "fact": text})
        self.record(name, str(stated), "", "given")
        self._names.claims[name] = stated
        return Done(name, stated)

    # The proof

    def exists(self, name: str, witness: Matrix) -> Member:
        """Say that a matrix exists, by a witness; return it for use in `show`, where the witness is shown to do."""
        made = make_matrix(name, *witness.shape)
        self._witness[made] = witness
        self._exist(name, [], made, self._names.expression(witness, self._scope))
        return made

    def exists_family(self, name: str, witness: MatrixFamily) -> MatrixFamily:
        """Say that a family of matrices with one index exists, by a family in scope."""
        index = self._names.table.fresh("l")
        made = MatrixFamily(name, lambda l: witness[l].shape, (index,))
        self._family_witness[name] = witness.name
        self._exist(name, [index], made[natural(index)], f"{witness.name}[{index}]")
        return made

    def _exist(self, name: str, index: list[str], made: Member, witness: str) -> None:
        if check_name(name) in self._scope.context.symbols or name in self._exists:
            raise ProofError(f"expected a new name for what exists, found {name!r}, which is in use")
        item = {"matrix": name, "index": index, "shape": [nat_text(size) for size in made.shape]}
        self._exists[name] = (item, f"{name}[{index[0]}]" if index else name, witness)

    def _witnessed(self, claim: Claim) -> Claim:
        """Return a claim with the witnesses in place of what is said to exist."""
        if isinstance(claim, ForAll):
            # Part by part: the members mention the bound index, which a replacement in the whole would rename.
            conditions = [self._witnessed(condition) for condition in claim.conditions]
            return ForAll(claim.indices, conditions, self._witnessed(claim.body))
        members = {
            x: Member(self._family_witness[x.name], x.indices, *x.shape)
            for x in claim.atoms(Member)
            if x.name in self._family_witness
        }
        witnessed: Claim = claim.xreplace({**members, **self._witness})
        return witnessed

    def show(self, *arguments: object) -> Done:
        """State and prove what the theorem says: ``t.show(claim, reason)``, ``t.show("name", claim, reason)``.

        As in `have`, the claim may be a function of an index followed by its range. The reason may be the result of
        an earlier step that proved the same claim.
        """
        name = f"goal{len(self._goals) + 1}" if not isinstance(arguments[0], str) else str(arguments[0])
        claim, *rest = arguments[1:] if isinstance(arguments[0], str) else arguments
        stated, reason = self._read(claim, rest)
        if isinstance(reason, Done):
            text, fact = self._names.claim(stated, self._scope), reason.name
            self.record(name, str(stated), f"step {fact}", "show")
            if not self._says(fact, text):
                raise ProofError(f"show {name!r}: the step {fact!r} says {reason.claim}, not {stated}")
        else:
            fact = self._step(name, self._witnessed(stated), reason, "show").name
            text = self._names.claim(stated, self._stating())
        self._goals.append({"name": name, "fact": text})
        self._done.append(fact)
        return Done(fact, stated)

    def _stating(self) -> Scope:
        """Return a scope that also has what is said to exist, for writing goals."""
        inner = self._scope.with_naturals([])
        for item, _, _ in self._exists.values():
            add_item(inner.context, item)
        return inner

    def _says(self, fact: str, text: str) -> bool:
        from symlora.kernel.facts import same

        return same(self._scope.context.fact(fact), self._scope.context.read(text))

    def _declare(self, item: dict[str, Any], name: str = "", description: str = "") -> None:
        """Add an item to the statement while no step has been made, afterwards (definitions) to the proof."""
        if name:
            self._names.table.declare(name, description)
        if "define" in item:
            self._scope.add({"rule": "define", **item})
            return
        if self._proving():
            raise ProofError(f"expected the whole statement before the first step, found {next(iter(item))!r} after it")
        add_item(self._scope.context, item)
        self._scope.steps.append(item)

    def _proving(self) -> bool:
        return any(step.get("rule", "") not in ("", "define") for step in self._scope.steps)

    def _finish(self) -> None:
        """Make the certificate, let the kernel replay it, and record the theorem."""
        if not self._goals:
            raise ProofError(f"theorem {self.name!r}: expected t.show(…) with what it states, found none")
        self._scope.steps = prune(
            self._scope.steps, {*self._done, *(item.get("given", "") for item in self._scope.steps)}
        )
        setup, proof = self._parted()
        data: dict[str, Any] = {
            "name": self.name,
            "title": self.title,
            "source": self.source,
            "setup": setup,
            "goals": self._goals,
            "proof": proof,
            "done": self._done,
        }
        if self._exists:
            data["exists"] = [item for item, _, _ in self._exists.values()]
            data["witness"] = {head: text for _, head, text in self._exists.values()}  # fmt: skip
        library = registry.library(without=self.name if self.name in registry.known else "")
        try:
            replayed = library.check(data)
        except Rejected as error:
            raise ProofError(f"theorem {self.name!r}: the kernel refused the certificate: {error}") from None
        registry.add(Built(data, replayed, self._journal, replayed.cites, self.expect))

    def _parted(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Return the items of the statement and the steps of the proof.

        A definition belongs to the statement if a given or a goal speaks of it, through other definitions if need be.
        """
        items = [(step, "rule" not in step) for step in self._scope.steps]
        texts = [item["fact"] for item, stated in items if stated and "fact" in item]
        needed = {word for text in (*texts, *(goal["fact"] for goal in self._goals)) for word in tokens(text)}
        setup, proof = [], []
        for step, stated in reversed(items):
            body = {key: value for key, value in step.items() if key != "rule"}
            made = [one["name"] for one in step.get("define", [])]
            split = step.get("theorem", "") == "axiom/split" and not needed.isdisjoint(step["new"].values())
            if split:
                setup += _inclusions(step)[::-1]
            elif stated or not needed.isdisjoint(made):
                setup.append(body)
                for one in step.get("define", []):
                    for part in ("is", "start", "step"):
                        needed.update(tokens(one.get(part, "")))
            else:
                proof.append(step)
        return setup[::-1], proof[::-1]


def _inclusions(step: dict[str, Any]) -> list[dict[str, Any]]:
    """Return coordinate inclusions, cited in a proof, as items of a statement: any that satisfy the same equations."""
    sizes, (first, second) = step["naturals"], step["new"].values()
    pair = [{"matrix": x, "index": [], "shape": [sizes["n"], sizes[size]]} for x, size in ((first, "p"), (second, "s"))]
    such = {"such": "axiom/split", "as": f"{first}-{second}", "naturals": sizes, "natural": {},
            "matrices": {"J": first, "K": second}}  # fmt: skip
    return [*pair, such]


def _shape_at(index: list[Symbol], rows: Any, cols: Any) -> Callable[..., Sequence[Any]]:
    def shape(*values: Any) -> Sequence[Any]:
        at = dict(zip(index, values, strict=True))
        return rows.xreplace(at), cols.xreplace(at)

    return shape


def _names_of(function: Callable[..., Any]) -> tuple[str, ...]:
    import inspect

    return tuple(inspect.signature(function).parameters)


def theorem(name: str, *, title: str = "", source: str = "", expect: str = "proved") -> Theorem:
    """Return a theorem to be stated and proved in a ``with`` block.

    >>> from symlora.language import eq, inv, nonsingular
    >>> from symlora.proof.reasons import by
    >>> with theorem("example/cancel", title="A nonsingular factor cancels") as t:
    ...     n = t.natural("n")
    ...     A, B, C = t.matrices("A B C", (n, n))
    ...     t.given("A", nonsingular(A))
    ...     t.given("equal", eq(A*B, A*C))
    ...     t.show(eq(B, C), by.algebra("A", "equal"))
    Done(name='A', claim=nonsingular(A))
    Done(name='equal', claim=A*B = A*C)
    Done(name='goal1', claim=B = C)
    """
    return Theorem(name, title, source, expect)
