"""Using an axiom or an earlier theorem: capture-free substitution, every hypothesis matched by a fact."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from symlora.kernel.context import Context, Symbol
from symlora.kernel.errors import Rejected, need
from symlora.kernel.facts import Fact, at_indices, fact_in, same
from symlora.kernel.naturals import Nat, atom, plainly_natural
from symlora.kernel.printing import fact_text
from symlora.kernel.words import Letter, Matrix, Replacement, letter

if TYPE_CHECKING:
    from symlora.kernel.replay import Theorem

HEAD = re.compile(r"([A-Za-z][A-Za-z0-9_]*)(?:\[([A-Za-z0-9_,]+)\])?", re.ASCII)


class Substitution(Replacement):
    """Values for the symbols of a theorem, as templates over ``%0, %1, …`` in the scope that uses it."""

    def __init__(self) -> None:
        self.naturals: dict[str, Nat] = {}
        self.matrices: dict[str, Matrix] = {}

    def natural(self, name: str, indices: tuple[Nat, ...]) -> Nat:
        """Return the value of a natural of the theorem; bound variables ``#k``, and what has no value, stay."""
        template = self.naturals.get(name)
        return atom(name, indices) if template is None else at_indices(indices).size(template)

    def member(self, x: Letter) -> Matrix:
        """Return the value of a member of a family of the theorem."""
        template = self.matrices.get(x.head)
        return letter(x) if template is None else at_indices(x.args).matrix(template)


def heads(texts: dict[str, str]) -> dict[str, tuple[list[str], str]]:
    """Return name, index names and right side of replacements such as ``"W[l]": "W[l] + X[l]"``."""
    found: dict[str, tuple[list[str], str]] = {}
    for left, right in texts.items():
        match = HEAD.fullmatch(left)
        if match is None or match[1] in found:
            raise Rejected("cite-head", "NAME or NAME[i,j], each once", f"{left[:60]!a}")
        found[match[1]] = (match[2].split(",") if match[2] else [], right)
    return found


def substitution(ctx: Context, step: dict[str, Any], symbols: dict[str, Symbol]) -> Substitution:
    """Return the values that `step` gives to `symbols`, each read in `ctx`, shown natural or of the declared shape."""
    values, texts = Substitution(), {"natural": heads(step["naturals"]), "matrix": heads(step["matrices"])}
    for name, symbol in symbols.items():
        given = texts[symbol.kind]
        need(name in given, "cite-complete", "a value for every symbol", ascii(name))
        _assign(ctx, values, name, symbol, *given.pop(name), step["natural"].get(name, {}))
    proved = set(step["natural"]) - {name for name, s in symbols.items() if s.kind == "natural" and s.arity == 0}
    extra = [*texts["natural"], *texts["matrix"], *proved]
    need(not extra, "cite-extra", "values and proofs for symbols of the theorem only", lambda: ascii(extra))
    return values


def _assign(
    ctx: Context, values: Substitution, name: str, symbol: Symbol, index: list[str], text: str, proof: Any
) -> None:
    """Record the value of one symbol of the theorem."""
    need(
        len(index) == symbol.arity, "cite-arity", lambda: f"{symbol.arity} indices for {name}", lambda: str(len(index))
    )
    scope = ctx.templates(index)
    if symbol.kind == "natural":
        value = scope.nat(text)
        if index:
            need(plainly_natural(value), "cite-natural-family", "a family natural by its form", ascii(text))
        else:
            ctx.nonnegative(value, proof)
        values.naturals[name] = value
        return
    matrix = scope.matrix(text)
    fits = (matrix.rows, matrix.cols) == (values.size(symbol.rows), values.size(symbol.cols))
    need(fits, "cite-shape", lambda: f"the declared shape of {name}", lambda: f"another in {text!a}")
    values.matrices[name] = matrix


def cite(ctx: Context, step: dict[str, Any], theorem: Theorem) -> None:
    """Add the goals of an axiom or of an earlier theorem with its symbols replaced.

    Sound: the theorem holds for all naturals, families and matrices of the stated shapes that satisfy its givens.
    Naturals are shown >= 0; a family of naturals is natural by its form at all natural indices; each matrix has the
    declared shape after substitution; each given (a definition's facts are such) is matched by a fact in scope. What
    the theorem says to exist comes as new symbols. Only theorems checked earlier can be cited: no circles.
    """
    values = substitution(ctx, step, theorem.symbols)
    need(
        set(step["new"]) == set(theorem.exists),
        "cite-new",
        "a name for each thing that exists",
        ascii(list(step["new"])),
    )
    for name, symbol in theorem.exists.items():
        new = step["new"][name]
        ctx.declare(new, Symbol("matrix", symbol.arity, values.size(symbol.rows), values.size(symbol.cols)))
        values.matrices[name] = ctx.member(new, tuple(atom(f"%{i}") for i in range(symbol.arity)))
    need(set(step["facts"]) == set(theorem.givens), "cite-given", "a fact for each given", ascii(list(step["facts"])))
    for name, given in theorem.givens.items():
        _match(ctx.fact(step["facts"][name]), fact_in(given, values), name)
    need(set(step["as"]) <= set(theorem.goals), "cite-goal", "names of goals", ascii(list(step["as"])))
    for name, new in step["as"].items():
        ctx.add(new, fact_in(theorem.goals[name], values))


def _match(found: Fact, due: Fact, name: str) -> None:
    need(same(found, due), "cite-match", lambda: f"for {name}: {fact_text(due)}", lambda: fact_text(found))
