"""The steps of a proof: each turns a claim and a reason into kernel steps, or leaves a hole and says why."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from symlora.kernel.facts import Fact
from symlora.kernel.printing import fact_text, relation_text
from symlora.language import (
    AtMost,
    Claim,
    ForAll,
    Matrix,
    MatrixFamily,
    Member,
    Nonsingular,
    as_claim,
    as_condition,
    as_natural,
    eq,
    eye,
    forall,
    nat_text,
    natural,
)
from symlora.language.families import parameters
from symlora.language.matrices import as_matrix
from symlora.proof import subproofs
from symlora.proof.choice import choose, either
from symlora.proof.citation import Citation
from symlora.proof.decomposition import Decomposition
from symlora.proof.done import Done
from symlora.proof.errors import ProofError
from symlora.proof.journal import Hole, Journal, Record
from symlora.proof.reasons import Absurd, Algebra, Arithmetic, Index, Inverse, Reason, Sorry, Squares
from symlora.proof.registry import registry
from symlora.proof.statement import Names
from symlora.rules.instances import DEFINITIONS, Offers
from symlora.rules.nonsingular import prove_nonsingular
from symlora.rules.order import Square, prove_psd
from symlora.rules.quantified import prove_body
from symlora.rules.ranges import prove_absurd
from symlora.rules.rank import prove_index_from
from symlora.rules.scope import Failure, Scope


class Proof:
    """A place where steps can be made: the body of a theorem, or a sub-proof of an induction or a case.

    `goal` is the claim that a sub-proof has to `show`; the body of a theorem has none.
    """

    def __init__(self, scope: Scope, names: Names, journal: Journal, goal: Claim | None = None) -> None:
        self._scope = scope
        self._names = names
        self._journal = journal
        self.assumed: list[str] = []
        self.indices: list[str] = []
        self._outer: Proof | None = None
        self._shown: str | None = None
        self._inside = ""
        self.goal = goal
        self.hypotheses: tuple[str, ...] = ()
        """The facts that this sub-proof assumes and that algebra may use unnamed."""

    # Steps

    def have(self, name: str, claim: object, *rest: object) -> Done:
        """Prove a claim and keep it under `name`.

        ``have("A", claim, reason)``, or ``have("A", lambda l: claim, (1, L), reason)`` for all l from 1 to L.
        Returns what a reason can name. A claim that the reason does not prove becomes a hole.
        """
        stated, reason = self._read(claim, rest)
        return self._step(name, stated, reason, "have")

    def calc(self, name: str, start: Matrix, *links: tuple[Matrix, Reason]) -> Done:
        """Prove ``start = last`` through a chain of equalities, each with its own reason."""
        if not links:
            raise ProofError(
                f"calc {name!r}: expected pairs (expression, reason) after the first expression, found none"
            )
        before, facts = start, []
        for number, link in enumerate(links, 1):
            if not (isinstance(link, tuple) and len(link) == 2):
                raise ProofError(f"calc {name!r}: link {number} is not a pair (expression, reason)")
            after, reason = link
            facts.append(self._step(f"{name}-{number}", eq(before, after), reason, "calc").name)
            before = after
        return self._step(name, eq(start, before), Algebra(tuple(facts)), "calc")

    def induction(
        self, name: str, claim: Callable[[Any], object], over: tuple[object, object], *, base: Reason, step: Reason,
        down: bool = False,
    ) -> Done:  # fmt: skip
        """Prove ``claim(l)`` for all l from ``over[0]`` to ``over[1]`` by induction on l.

        Upwards, the base is at the lower end and the step proves the claim at ``l + 1`` from the claim at l; with
        ``down=True`` the base is at the upper end and the step proves it at ``l - 1``. In the step the hypothesis is
        used by `by.algebra` without being named. A reason may be a function: of the sub-proof (base), or of the
        sub-proof and l (step).
        """
        (label,) = parameters(claim, 1)
        label = label if label not in self._scope.context.symbols else self._names.table.fresh(label)
        index = natural(label)
        stated = as_claim(claim(index))
        low, high = (as_natural(end) for end in over)
        whole = self._quantified(ForAll([index], [AtMost(low, index), AtMost(index, high)], stated))
        ends = (low, high)
        return self._guarded(name, whole, "induction", f"induction on {label}",
                             lambda: subproofs.induct(self, name, index, stated, ends, base, step, down))  # fmt: skip

    def cases(self, name: str, claim: object, on: object, *, left: Reason, right: Reason) -> Done:
        """Prove a claim where ``a <= b`` (left) and where ``b + 1 <= a`` (right); `on` is the relation a <= b."""
        stated, split = self._quantified(as_claim(claim)), as_condition(on)
        if not isinstance(split, AtMost):
            raise ProofError(f"cases {name!r}: expected a relation a <= b to split on, found {split}")
        return self._guarded(name, stated, "cases", f"cases {split} or not",
                             lambda: subproofs.split(self, name, stated, split, left, right))  # fmt: skip

    def obtain(self, name: str, of: object) -> Matrix:
        """Return a new matrix `name` with the facts ``name-right`` (M*name = 1) and ``name-left`` (name*M = 1).

        `of` names a fact ``nonsingular(M)`` without variables.
        """
        claim = self._names.claims.get(str(of))
        if not isinstance(claim, Nonsingular):
            raise ProofError(f"obtain {name!r}: expected a fact nonsingular(M), found {of}: {claim}")
        m = claim.operand
        self._names.table.declare(name, f"the matrix {name}")
        size, text = nat_text(m.rows), self._names.expression(m, self._scope)
        block = {"name": name, "shape": [size, size], "is": f"inv({text})"}
        self._scope.add({"rule": "define", "define": [block], "index": []})
        made = Member(name, (), m.rows, m.rows)
        self.have(f"{name}-right", eq(m * made, eye(m.rows)), Algebra((of,)))
        self.have(f"{name}-left", eq(made * m, eye(m.rows)), Algebra((of,)))
        return made

    def cite(self, name: str, theorem: str, /, *, facts: dict[str, Any] | None = None, **values: object) -> Done:
        """Use an earlier theorem with its symbols replaced; its goals become facts.

        `values` gives each natural, matrix or family of the theorem (a function of the indices for a family);
        naturals that the shapes of the matrices determine may be left out, and so may families that the theorem
        defines. `facts` names the fact for a given that cannot be recognised. The goal becomes the fact `name`; if
        the theorem has several, they become ``name.goal``.
        """
        registry.fetch(theorem, self._scope.library)
        citation = Citation(registry.get(theorem), self._scope, self._names, values)
        return citation.use(self, name, facts or {})

    def choose(
        self, names: str, over: tuple[object, object], *, shape: Any, start: Mapping[str, Any],
        invariants: Mapping[str, Callable[..., object]], relations: Mapping[str, Callable[..., object]],
        base: Mapping[str, Reason], step: Callable[..., Any],
    ) -> tuple[MatrixFamily, ...]:  # fmt: skip
        """Choose families step by step from ``over[0]`` to ``over[1]``; return them.

        `invariants` are claims of (l, *families) about the members at l, `relations` about those at l and ``l + 1``;
        they become facts under their names. `base` gives reasons for the invariants at the start. The function
        ``step(proof, l, *families)`` knows the invariants at l and returns the members at ``l + 1`` and a reason for
        each invariant and relation.
        """
        return choose(self, names, over, shape, start, invariants, relations, base, step)

    def either(
        self, shapes: Mapping[str, Any], on: object, goals: Mapping[str, Callable[..., object]], *,
        left: Callable[..., Any], right: Callable[..., Any],
    ) -> tuple[Member, ...]:  # fmt: skip
        """Obtain matrices by a case distinction on ``a <= b``; return them.

        `shapes` names them, `goals` are claims about them (functions of the matrices), which become facts. The
        functions ``left(proof)`` and ``right(proof)`` return the values of the matrices on their side and a reason for
        each goal.
        """
        split = as_condition(on)
        if not isinstance(split, AtMost):
            raise ProofError(f"either: expected a relation a <= b to split on, found {split}")
        return either(self, shapes, split, goals, {"left": left, "right": right})

    def instance(self, name: str, fact: Any, *values: object) -> Done:
        """Use a quantified fact at given values of its indices."""
        at = tuple(self._scope.context.nat(nat_text(v)) for v in values)
        if not Offers(self._scope).instance(str(fact), at, name):
            raise ProofError(f"instance {name!r}: the range of {fact} is not shown for {', '.join(map(str, values))}")
        text = fact_text(self._scope.fact(name))
        self.record(name, text, f"{fact} at {', '.join(map(str, values))}", "instance")
        return Done(name)

    def inclusions(self, p: object, s: object) -> tuple[Matrix, Matrix]:
        """Return the coordinate inclusions J, K of sizes p and s that stand for blocks of these sizes."""
        sizes = (as_natural(p), as_natural(s))
        first, second = self._names.inclusion(sizes, self._scope)
        return Member(first, (), sizes[0] + sizes[1], sizes[0]), Member(second, (), sizes[0] + sizes[1], sizes[1])

    def svd(self, E: Matrix, projectors: str = "T", vectors: str = "G") -> Decomposition:
        """Take some singular value decomposition of E; its facts are called ``svd-g1, …`` as in ``axiom/svd``."""
        found = self.cite("svd", "axiom/svd", E=E)
        return Decomposition(E, found["T"], found["G"])

    def sorry(self, name: str, claim: object, *ranges: object) -> Done:
        """Leave a hole: the claim is used as if it were proved, and the theorem's verdict is `unknown`."""
        return self.have(name, claim, *ranges, Sorry())

    def show(self, *arguments: object) -> Done:
        """In a sub-proof: prove its goal by the one argument, a reason."""
        if self.goal is None or len(arguments) != 1:
            raise ProofError("show in a sub-proof takes one reason for its goal")
        done = self._step(f"{self._scope.label}-goal", self.goal, arguments[0], "show", record=False)
        self._shown = done.name
        return done

    # How they are carried out

    @property
    def scope(self) -> Scope:
        """The kernel context of this place and the steps made here."""
        return self._scope

    @property
    def names(self) -> Names:
        """The names of the theorem."""
        return self._names

    def child(self, scope: Scope, goal: Claim | None, label: str = "") -> Proof:
        """Return a sub-proof in the given scope; `label` is what reports call it, by default what is around it."""
        inner = Proof(scope, self._names, self._journal, goal)
        inner._outer = self
        if label:
            scope.label = label.replace(" (", "-").rstrip(")").replace(" ", "-")
        inner._inside = scope.label if label or self._outer is None else self._inside
        return inner

    def due(self, claim: Claim, reason: Any) -> str:
        """Prove a claim that this sub-proof owes; return the name of the fact."""
        return self._step(self._scope.name(), self._quantified(claim), reason, "show", record=False).name

    def record(self, name: str, claim: str, by: str, kind: str) -> None:
        """Note a step for the report."""
        self._journal.records.append(Record(name, claim, by, kind, self._inside))

    def _read(self, claim: object, rest: Sequence[object]) -> tuple[Claim, Reason]:
        """Return the claim over its ranges, and the reason."""
        *ranges, reason = rest if rest else (None,)
        if reason is None or isinstance(reason, tuple):
            raise ProofError(f"expected a reason such as by.algebra(…) after the claim, found {reason!r}")
        if callable(claim) and not isinstance(claim, Claim):
            stated: Claim = forall(claim, *ranges)  # type: ignore[arg-type]
        elif ranges:
            raise ProofError(
                f"a range {ranges[0]} belongs to a claim that is a function of an index, as in lambda l: …"
            )
        else:
            stated = as_claim(claim)
        return self._quantified(stated), reason  # type: ignore[return-value]

    def _quantified(self, claim: Claim) -> Claim:
        """Return the claim with bound indices that differ from every name in scope."""
        if isinstance(claim, ForAll):
            return claim.avoiding(frozenset(self._scope.context.symbols))
        return claim

    def _step(self, name: str, claim: Claim, reason: Any, kind: str, record: bool = True) -> Done:
        return self._guarded(name, claim, kind, str(reason) if not callable(reason) else "sub-proof",
                             lambda: self._prove(name, claim, reason), record)  # fmt: skip

    def _guarded(self, name: str, claim: Claim, kind: str, by: str, prove: Callable[[], Failure | None],
                 record: bool = True) -> Done:  # fmt: skip
        """Carry out a step; on failure leave a hole for its claim."""
        if record and not STEP_NAME.fullmatch(name):
            raise ProofError(f"expected a step name of letters, digits, - and _, found {name!r}")
        if name in self._scope.context.facts:
            raise ProofError(f"expected a new name for a step, found {name!r}, which is already that of a fact")
        text = self._names.claim(claim, self._scope)
        if record:
            self.record(name, str(claim), by, kind)
        size = len(self._scope.steps)
        before = (dict(self._scope.context.symbols), dict(self._scope.context.facts))
        failure = prove()
        if failure is not None:
            # What the failed attempt added is undone, so that the certificate holds only what leads somewhere.
            del self._scope.steps[size:]
            self._scope.context.symbols, self._scope.context.facts = before
            self.leave_hole(name, text, str(claim), None if by == "sorry" else failure)
        self._names.claims[name] = claim
        return Done(name, claim)

    def leave_hole(self, name: str, text: str, claim: str, failure: Failure | None) -> None:
        """Add a hole and remember where it stands."""
        self._scope.add({"rule": "hole", "fact": text, "as": name})
        hole = Hole(self._scope.label, text, claim, failure)
        place: Proof | None = self
        while place is not None:
            hole.naturals = [*place.indices, *hole.naturals]
            hole.assumptions = [*place.assumed, *hole.assumptions]
            place = place._outer
        self._journal.holes.append(hole)

    def _prove(self, name: str, claim: Claim, reason: Any) -> Failure | None:
        """Add the claim as fact `name`, or return why the reason does not prove it."""
        scope = self._scope
        text = self._names.claim(claim, scope)
        fact = scope.context.read(text)
        if isinstance(reason, Sorry):
            return Failure(text, "sorry", "nothing")
        if fact.hints or fact.conditions:
            subproofs.opened(self, name, claim, fact, text, reason)
        elif callable(reason):
            subproofs.told(self, name, claim, text, reason)
        else:
            return self.engine(name, fact, reason)
        return None

    def engine(self, name: str, fact: Fact, reason: Any) -> Failure | None:
        """Prove a claim without variables by the engine that the reason names."""
        scope, body = self._scope, fact.body
        if isinstance(reason, Index):
            return prove_index_from(scope, body, [str(fact) for fact in reason.facts], name)
        if isinstance(reason, Arithmetic) and body.kind not in ("<=", "=="):
            return Failure(relation_text(body), "no relation between naturals", "by.arithmetic")
        if isinstance(reason, Inverse):
            if body.kind != "nonsingular":
                return Failure(relation_text(body), "no claim nonsingular(M)", "by.inverse")
            inverse = self._names.expression(reason.of, scope)
            return prove_nonsingular(scope, body, inverse, self._facts(reason.facts), name)
        if isinstance(reason, Absurd):
            return prove_absurd(scope, body, str(reason.fact), name)
        if isinstance(reason, Squares):
            if body.kind != "psd":
                return Failure(relation_text(body), "no inequality between scalars and no psd(M)", "by.squares")
            squares = [self._square(one) for one in reason.squares]
            return prove_psd(scope, body, squares, self._facts(reason.facts), name)
        if isinstance(reason, (Algebra, Arithmetic)):
            return prove_body(scope, body, self._facts(getattr(reason, "facts", ())), name)
        raise ProofError(f"expected a reason such as by.algebra(…), found {reason!r}")

    def _square(self, square: Any) -> Square:
        """Return a square as the engine takes it: coefficient, matrix, name of the fact psd(P) or nothing."""
        q, fact = square if isinstance(square, tuple) else (square, "")
        text = self._names.expression(as_matrix(q), self._scope)
        return Fraction(1), self._scope.context.matrix(text), str(fact)

    def _facts(self, named: Sequence[Any]) -> list[str]:
        """Return the facts that algebra may use: the named ones, what is assumed here, and the definitions."""
        chosen = list(dict.fromkeys(str(one) for one in named))
        for name in chosen:
            if name not in self._scope.context.facts:
                known = [n for n in self._scope.context.facts if "." not in n]
                raise ProofError(f"expected the name of a fact in scope, found {name!r}; in scope: {', '.join(known)}")
        place: Proof | None = self
        while place is not None:
            chosen += [name for name in place.hypotheses if name not in chosen]
            place = place._outer
        return chosen + [n for n in self._scope.context.facts if n.endswith(DEFINITIONS) and n not in chosen]

    def finished(self) -> str:
        """Return the name of the fact that shows the goal of this sub-proof."""
        if self._shown is None:
            raise ProofError(f"the sub-proof of {self.goal} ends without show(reason)")
        return self._shown


STEP_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*", re.ASCII)
