"""Proving relations between naturals from the facts in scope, in the form in which the kernel checks them."""

from __future__ import annotations

from typing import Any

from symlora.kernel.errors import Rejected
from symlora.kernel.facts import Relation, difference
from symlora.kernel.naturals import Atom, Nat, negative, plainly_natural
from symlora.kernel.printing import nat_text, relation_text
from symlora.rules.arithmetic import Hypothesis, NatProof, Poly, prove_nonnegative
from symlora.rules.scope import Failure, Scope


class Ranges:
    """The natural-number facts of a context, translated once for many goals."""

    def __init__(self, scope: Scope) -> None:
        self.scope, context = scope, scope.context
        self.atoms: dict[str, Atom] = {}
        self._admitted: dict[Atom, None] = {}
        self.hypotheses = [
            Hypothesis(name, self.poly(difference(fact.body)), fact.body.kind == "==")
            for name, fact in context.facts.items()
            if fact.body.kind in ("<=", "==") and not fact.hints and not fact.conditions
        ]

    def poly(self, n: Nat) -> Poly:
        """Return a kernel term in the form of the arithmetic search."""
        out: Poly = {}
        for monomial, coefficient in n:
            names = []
            for atom in monomial:
                text = nat_text((((atom,), 1),))
                self.atoms[text] = atom
                names.append(text)
            out[tuple(sorted(names))] = coefficient
        return out

    def text(self, poly: Poly) -> str:
        """Return the kernel text of a polynomial of the arithmetic search."""
        return nat_text(tuple((tuple(self.atoms[a] for a in m), c) for m, c in poly.items()))

    def is_natural(self, atom: str) -> bool:
        """Return whether the kernel takes the atom to be >= 0 by its form."""
        return plainly_natural((((self.atoms[atom],), 1),))

    def nonnegative(self, goal: Nat) -> dict[str, Any] | None:
        """Return a proof of ``goal >= 0`` for the kernel, or None."""
        if plainly_natural(goal):
            return {}
        found = prove_nonnegative(self.poly(goal), self.hypotheses, self.is_natural)
        if not isinstance(found, NatProof):
            return None
        proof: dict[str, Any] = {"by": [[self.text(poly), name] for poly, name in found.multipliers]}
        if found.scale != 1:
            proof["scale"] = found.scale
        return proof

    def _admit(self, n: Nat) -> None:
        """Add ``0 <= d[e]`` for the members of families of naturals in a term whose indices are shown to be >= 0."""
        for monomial, _ in n:
            for name, indices in monomial:
                one: Nat = ((((name, indices),), 1),)
                if (name, indices) in self._admitted or plainly_natural(one):
                    continue
                self._admitted[name, indices] = None
                proofs = [self.nonnegative(index) for index in indices]
                if all(proof is not None for proof in proofs):
                    fact = self.scope.name()
                    at = [nat_text(index) for index in indices]
                    self.scope.add({"rule": "natural", "of": name, "at": at, "proofs": proofs, "as": fact})
                    self.hypotheses.append(Hypothesis(fact, self.poly(one), False))

    def relation(self, relation: Relation) -> Any | None:
        """Return a proof of a relation for the kernel (a pair for ``==``), or None."""
        gap = difference(relation)
        self._admit(gap)
        forward = self.nonnegative(gap)
        if relation.kind == "<=" or forward is None:
            return forward
        back = self.nonnegative(negative(gap))
        return None if back is None else [forward, back]


def prove_relation(scope: Scope, goal: Relation, name: str) -> Failure | None:
    """Add the relation between naturals as fact `name`, or return why it was not proved."""
    proof = Ranges(scope).relation(goal)
    text = relation_text(goal)
    if proof is None:
        known = [relation_text(f.body) for f in scope.context.facts.values() if f.body.kind in ("<=", "==")]
        return Failure(text, f"no proof from {', '.join(known) or 'nothing'}", "products of facts and naturals")
    scope.add({"rule": "nat", "fact": text, "proof": proof, "as": name})
    return None


def prove_index(scope: Scope, goal: Relation, name: str) -> Failure | None:
    """Add ``X[a, …] = X[b, …]`` as fact `name` because the indices are equal, or return why that was not proved."""
    words = [[x for loop in key[0] for x in loop] + list(key[1]) for m in goal.sides for key, _ in m.terms]
    if goal.kind != "=" or len(words) != 2 or any(len(w) != 1 for w in words) or words[0][0].head != words[1][0].head:
        return Failure(relation_text(goal), "no two members of one family", "by.index")
    ranges, proofs = Ranges(scope), []
    for a, b in zip(words[0][0].args, words[1][0].args, strict=True):
        due = Relation("==", (a, b))
        proof = ranges.relation(due)
        if proof is None:
            return Failure(relation_text(goal), f"no proof of {relation_text(due)}", "products of facts and naturals")
        proofs.append(proof)
    scope.add({"rule": "index", "fact": relation_text(goal), "proofs": proofs, "as": name})
    return None


def prove_absurd(scope: Scope, goal: Relation, fact: str, name: str) -> Failure | None:
    """Add any relation as fact `name` because the named fact is false of numbers, or return that it is not."""
    try:
        scope.add({"rule": "absurd", "of": fact, "fact": relation_text(goal), "as": name})
    except Rejected as error:
        return Failure(relation_text(goal), str(error), f"a contradiction in {fact}")
    return None
