"""Every axiom holds in random models with sizes from 0 on, functions having junk values where they are not defined."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import numpy as np
import pytest

from symlora.kernel.facts import Fact, Relation
from symlora.kernel.naturals import Nat
from symlora.kernel.replay import Theorem, axioms
from symlora.kernel.words import Matrix, Word

LAST = 5
"""Bound variables run from 0 to here, past every size."""
TOLERANCE = 1e-8
Model = dict[str, Any]


def nat(n: Nat, model: Model) -> int:
    total = 0
    for monomial, c in n:
        for name, args in monomial:
            c *= int(np.linalg.matrix_rank(matrix(args[0], model), tol=1e-6)) if name == "rank" else model[name]
        total += c
    return total


def function(head: str, args: tuple[Any, ...], model: Model) -> Any:
    """Return the value of a function, as a matrix."""
    if head == "nat":
        return np.full((1, 1), float(nat(args[0], model)))
    m = matrix(args[0], model)
    if head == "inv":
        return np.linalg.inv(m) if np.linalg.matrix_rank(m, tol=1e-6) == len(m) else np.full(m.shape, 7.0)
    if head == "sqrt":
        return np.sqrt(m) if m[0, 0] >= 0 else np.full((1, 1), -5.0)
    if head == "tr":
        return np.full((1, 1), np.trace(m))
    values = [*np.linalg.svd(m, compute_uv=False), *[0.0] * (2 * LAST)] if m.size else [0.0] * (2 * LAST)
    if head == "norm2":
        return np.full((1, 1), values[0])
    k = nat(args[1], model)
    return np.full((1, 1), values[k - 1] if k >= 1 else -13.0)


def word(letters: Word, rows: int, model: Model) -> Any:
    value = np.eye(rows)
    for x in letters:
        if x.head in model:
            found = model[x.head]
            m = found(*(nat(a, model) for a in x.args)) if callable(found) else found
        else:
            m = function(x.head, x.args, model)
        value = value @ (m.T if x.flipped else m)
    return value


def matrix(m: Matrix, model: Model) -> Any:
    rows, cols = nat(m.rows, model), nat(m.cols, model)
    total = np.zeros((rows, cols))
    for (loops, letters), c in m.terms:
        factor = float(c)
        for loop in loops:
            factor *= word(loop, 1, model)[0, 0]
        total = total + factor * word(letters, rows, model)
    return total


def holds(r: Relation, model: Model) -> bool:
    if r.kind in ("<=", "=="):
        left, right = (nat(side, model) for side in r.sides)
        return left <= right if r.kind == "<=" else left == right
    values = [matrix(side, model) for side in r.sides]
    if r.kind == "=":
        return bool(np.allclose(*values, atol=TOLERANCE))
    (m,) = values
    if r.kind == "nonsingular":
        return bool(np.linalg.matrix_rank(m, tol=1e-6) == len(m))
    return bool(np.allclose(m, m.T, atol=TOLERANCE)) and (not m.size or np.linalg.eigvalsh(m)[0] >= -TOLERANCE)


def true(fact: Fact, model: Model) -> bool:
    for values in product(range(LAST + 1), repeat=len(fact.hints)):
        here = {**model, **{f"#{k}": value for k, value in enumerate(values)}}
        if all(holds(c, here) for c in fact.conditions) and not holds(fact.body, here):
            return False
    return True


# Models by axiom: from a generator of random numbers and the sizes, what makes the givens true, and what exists.


def some(rng: Any, rows: int, cols: int) -> Any:
    """Return a matrix that may be general, of low rank, 0, or with tied singular values."""
    kind = rng.integers(4)
    if kind == 0:
        return rng.normal(size=(rows, cols))
    if kind == 1:
        return rng.normal(size=(rows, 1)) @ rng.normal(size=(1, cols))
    return np.zeros((rows, cols)) if kind == 2 else 2 * np.eye(rows, cols)


def hermitian(rng: Any, n: int) -> Any:
    f = some(rng, n, n)
    return f.T @ f


def orthogonal(rng: Any, n: int) -> Any:
    return np.linalg.qr(rng.normal(size=(n, n)))[0] if n else np.zeros((0, 0))


def alike(rng: Any, m: int, n: int) -> Model:
    value = some(rng, m, n)
    return {"M": value, "N": value.copy()}


def one_sided(rng: Any, n: int) -> Model:
    m = rng.normal(size=(n, n))
    return {"M": m, "N": np.linalg.inv(m) if n else m}


def complete(rng: Any, n: int, p: int, s: int) -> Model:
    q = orthogonal(rng, n)
    return {"J": q[:, :p], "K": q[:, p:]}


def kernel(rng: Any, p: int, q: int) -> Model:
    m = some(rng, p, q)
    return {"M": m, "y": np.linalg.svd(m)[2][-1:].T if p else np.eye(q)[:, :1]}


def rank(rng: Any, m: int, n: int) -> Model:
    value = some(rng, m, n)
    if not value.size:
        return {"M": value, "U": np.zeros((m, 0)), "V": np.zeros((0, n)), "X": np.zeros((0, m)), "Y": np.zeros((n, 0))}
    left, values, right = np.linalg.svd(value)
    r = int((values > 1e-6).sum())
    u, d, v = left[:, :r], np.diag(values[:r]), right[:r]
    return {"M": value, "U": u @ d, "V": v, "X": u.T, "Y": v.T @ np.linalg.inv(d)}


def factor(rng: Any, n: int) -> Model:
    p = hermitian(rng, n)
    values, vectors = np.linalg.eigh(p)
    return {"P": p, "F": np.diag(np.sqrt(np.clip(values, 0, None))) @ vectors.T}


def least(rng: Any, m: int, n: int) -> Model:
    value = some(rng, m, n)
    norm = np.linalg.norm(value, 2) if value.size else 0.0
    return {"M": value, "t": np.full((1, 1), norm + rng.integers(2))}


def decomposition(rng: Any, m: int, n: int) -> Model:
    e = some(rng, m, n)
    v = np.linalg.svd(e)[2].T if e.size else orthogonal(rng, n)
    wide = np.hstack([v, np.zeros((n, 3 * LAST))])
    return {"E": e, "T": lambda a: v[:, :a] @ v[:, :a].T, "G": lambda a, r: wide[:, a : a + r]}


def scalars(rng: Any) -> Model:
    return {"a": np.abs(rng.normal(size=(1, 1))), "b": rng.normal(size=(1, 1))}


MAKERS: dict[str, Callable[..., Model]] = {
    "inverse": lambda rng, n: {"M": some(rng, n, n)},
    "nonsingular": one_sided,
    "inverse-congruence": lambda rng, n: alike(rng, n, n),
    "complete": complete,
    "split": lambda rng, n, p, s: {"J": np.eye(n)[:, :p], "K": np.eye(n)[:, p:]},
    "kernel": kernel,
    "empty": lambda rng, m, n: {"M": some(rng, m, n)},
    "rank": rank,
    "rank-congruence": alike,
    "symmetric": lambda rng, n: {"P": hermitian(rng, n)},
    "antisymmetric": lambda rng, n: {"P": np.zeros((n, n))},
    "definite": lambda rng, m, n: {"F": some(rng, m, n)},
    "multiple": lambda rng, n: {"P": hermitian(rng, n), "c": rng.normal(size=(1, 1))},
    "order-of-squares": scalars,
    "square-root": lambda rng: {"c": rng.normal(size=(1, 1))},
    "trace": lambda rng, n: {"P": hermitian(rng, n)},
    "psd-factor": factor,
    "trace-congruence": lambda rng, n: alike(rng, n, n),
    "natural-scalar": lambda rng, n: {},
    "norm": lambda rng, m, n: {"M": some(rng, m, n)},
    "norm-least": least,
    "norm-congruence": alike,
    "svd": decomposition,
    "sigma-congruence": lambda rng, m, n, k: alike(rng, m, n),
}


def models(theorem: Theorem) -> Iterator[Model]:
    """Yield models that satisfy the givens."""
    rng = np.random.default_rng(7)
    naturals = [name for name, symbol in theorem.symbols.items() if symbol.kind == "natural"]
    plain = {key: fact for key, fact in theorem.givens.items() if fact.body.kind in ("<=", "==")}
    for _ in range(8 if naturals else 40):
        for sizes in product(range(4), repeat=len(naturals)):
            model: Model = dict(zip(naturals, sizes, strict=True))
            if all(true(fact, model) for fact in plain.values()):
                model |= MAKERS[theorem.name.removeprefix("axiom/")](rng, **model)
                if all(true(fact, model) for fact in theorem.givens.values()):
                    yield model


@pytest.mark.parametrize("theorem", axioms().values(), ids=axioms())
def test_axiom_holds(theorem: Theorem) -> None:
    count = 0
    for model in models(theorem):
        for symbols in (theorem.symbols, theorem.exists):
            for name, symbol in symbols.items():
                if symbol.kind == "matrix" and not symbol.arity:
                    assert model[name].shape == (nat(symbol.rows, model), nat(symbol.cols, model))
        for fact in theorem.goals.values():
            assert true(fact, model), (model, fact)
        count += 1
    assert count >= 4


def test_every_axiom_has_models() -> None:
    assert {f"axiom/{name}" for name in MAKERS} == set(axioms())
