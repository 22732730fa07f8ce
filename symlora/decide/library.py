"""The certificates of the lemmas that proofs of claims cite; each is replayed before it is used.

They lie in `lemmas.json`, which `collected` makes from the theorem library and from the scripts beside it.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from symlora.kernel.form import load_file
from symlora.kernel.replay import Library
from symlora.rules import bounds

FILE = Path(__file__).with_name("lemmas.json")
SCRIPTS = (Path(__file__).with_name("lemmas.py"), Path(__file__).with_name("lemmas_order.py"))
CITED = (
    "matrix/rank-sylvester", "matrix/rank-frobenius", "matrix/rank-identity", "matrix/rank-one",
    "matrix/rank-zero", "matrix/rank-nonsingular-multiples", "matrix/rank-drop", "matrix/full-rank",
    "matrix/zero-rank", "matrix/norm-product", "matrix/norm-negative", "matrix/norm-sum", "matrix/norm-sigma",
    "matrix/norm-trace", "matrix/norm-frobenius", "matrix/norm-zero", "matrix/order-antisymmetric",
    "matrix/trace-order", "matrix/trace-at-least-zero", "matrix/rank-of-two-changes", "matrix/rank-product",
    "matrix/rank-gram", "matrix/solvable", "matrix/solvable-left", "matrix/rank-factorization",
    "matrix/null-vector", "matrix/nonzero-rank", "matrix/moore-penrose", "matrix/rank-exchange",
    "matrix/nonsingular-exchange", "matrix/rank-blocks", "matrix/rank-blocks-column", "matrix/rank-below-upper",
    "matrix/idempotent-trace", "matrix/idempotent-rank", "matrix/rank-schur", "matrix/best-approximation",
    "matrix/eckart-young/bound", "matrix/weyl", "matrix/sigma-norm", "matrix/sigma-product",
    "matrix/sigma-product-right", "matrix/sigma-rank", "matrix/sigma-negative", "matrix/norm-of-zero",
    *bounds.CITED,
)  # fmt: skip
"""Theorems of the library that are cited, besides those of the scripts."""


@cache
def certificates() -> dict[str, dict[str, Any]]:
    """Return the certificates of the lemmas by name."""
    return {data["name"]: data for data in load_file(FILE)["theorems"]}


def fetch(name: str, library: Library) -> None:
    """Bring a lemma, and what it cites, into a kernel library by replaying them.

    >>> library = Library()
    >>> fetch("claims/square-sign", library)
    >>> library.theorems["claims/square-sign"].holes
    ()
    """
    if name in library.theorems or name.startswith("axiom/"):
        return
    data = certificates()[name]
    for cited in _cited(data):
        fetch(cited, library)
    holes, used = library.holes, library.cited
    library.check(data)
    library.holes, library.cited = holes, used


def _cited(data: Any) -> list[str]:
    """Return the theorems that the steps of a proof cite, axioms aside."""
    if isinstance(data, dict):
        found = [data["theorem"]] if data.get("rule") == "cite" else []
        return [n for n in found if not n.startswith("axiom/")] + [x for v in data.values() for x in _cited(v)]
    return [x for v in data for x in _cited(v)] if isinstance(data, list) else []


def closure(data: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the certificates of what a theorem cites, in order, then its own."""
    order: dict[str, dict[str, Any]] = {}

    def visit(one: dict[str, Any]) -> None:
        for name in _cited(one):
            if name not in order:
                visit(certificates()[name])
        order.setdefault(one["name"], one)

    visit(data)
    return list(order.values())


def collected() -> dict[str, Any]:
    """Return the bundle of all lemmas, made from the scripts that prove them."""
    from importlib.util import module_from_spec, spec_from_file_location

    from symlora.kernel.form import FORMAT, VERSION
    from symlora.proof.registry import registry
    from symlora.runs.scan import collect

    _, index = collect([])
    _, own = collect(list(SCRIPTS))
    owners = {**own.owners, **index.owners}

    def run(name: str) -> None:
        spec = spec_from_file_location(f"symlora_lemmas_{owners[name].stem}", owners[name])
        if spec is not None and spec.loader is not None:
            spec.loader.exec_module(module_from_spec(spec))

    before, registry.loader = registry.loader, run
    try:
        mine = [name for name, path in own.owners.items() if path in SCRIPTS]
        order: dict[str, None] = {}
        for name in (*mine, *CITED):
            registry.get(name)
            order.update(dict.fromkeys(data["name"] for data in registry.bundle(name)["theorems"]))
    finally:
        registry.loader = before
    return {"format": FORMAT, "version": VERSION, "theorems": [registry.built[name].data for name in order]}
