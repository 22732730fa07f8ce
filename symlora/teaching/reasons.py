"""Why the kernel accepts a step, as one English sentence made from the step's rule and its data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from symlora.kernel.citation import heads
from symlora.kernel.context import Context
from symlora.kernel.facts import Fact
from symlora.kernel.syntax import canonical, tokens
from symlora.proof.graph import facts_in_proof
from symlora.proof.uses import Step
from symlora.teaching.rich import Math, Name, Rich, joined
from symlora.teaching.typeset import fact_math, matrix_math, nat_math, relation_latex

MOST = 8
"""How many terms of a sum a sentence lists."""


class Labels:
    """How sentences call the facts of one theorem: by the user's names, or by what an engine's fact says."""

    def __init__(self) -> None:
        self.known: dict[str, Rich] = {}
        self.wholes: dict[str, Rich] = {}

    def of(self, name: str, facts: Mapping[str, Fact], context: Context) -> Rich:
        """Return the words for a fact."""
        if name in self.known:
            return self.known[name]
        if "." in name and name in facts:
            return (fact_math(context, facts[name]),)
        return (Name(name),)

    def define(self, item: Mapping[str, Any]) -> None:
        """Name the equations of a definition."""
        for family in item["define"]:
            for part, words in (("def", "definition"), ("start", "start"), ("step", "step")):
                self.known[f"{family['name']}.{part}"] = (f"the {words} of ", Name(family["name"]))
                self.wholes[f"{family['name']}.{part}"] = ("the definition of ", Name(family["name"]))

    def instance(self, step: Step, context: Context) -> None:
        """Name an engine's instance of a quantified fact by that fact and the values."""
        values = joined([(nat_math(context, text),) for text in step["at"]])
        source = self.of(step["of"], context.facts, context)
        self.known[step["as"]] = (*source, " at ", *values) if step["at"] else source

    def cite(self, step: Step, after: Context) -> None:
        """Name what an engine cites by its text and the theorem."""
        for goal, name in step["as"].items():
            if "." not in name or name not in after.facts:
                continue
            math = fact_math(after, after.facts[name])
            if step["theorem"] == "axiom/inverse":  # shown as M times its inverse, not multiplied out
                size, M = step["naturals"]["n"], step["matrices"]["M"]
                M, N = f"({M})" if _is_sum(M) else M, f"inv({M})"
                math = fact_math(after, f"{M}*{N} = eye({size})" if goal == "g1" else f"{N}*{M} = eye({size})")
            self.known[name] = (math, " (", Name(step["theorem"]), ")")

    def source(self, name: str, facts: Mapping[str, Fact], context: Context) -> Rich:
        """Return shorter words for a fact: the whole definition or the whole given to which it belongs."""
        whole = self.wholes.get(name)
        return self.of(name, facts, context) if whole is None else whole


class Sentences:
    """Writes the reasons of the steps of one scope; `context` has everything that the scope ends with."""

    def __init__(self, labels: Labels, context: Context) -> None:
        self.labels, self.context = labels, context

    def fact(self, name: str) -> Rich:
        """Return the words for a fact."""
        return self.labels.of(name, self.context.facts, self.context)

    def reason(self, step: Step) -> Rich:
        """Return why a step holds."""
        writer = getattr(self, f"_{step['rule']}", None)
        sentence: Rich = writer(step) if writer is not None else (f"By the rule {step['rule']}.",)
        return sentence

    def _eq(self, step: Step) -> Rich:
        if not step["by"]:
            return ("Both sides are the same when multiplied out.",)
        return (*capital(("by ", *self._multiples(step["by"]))), ".")

    def _multiples(self, items: list[list[str]]) -> Rich:
        """Return ``adding a and b, and subtracting c``."""
        added: list[Rich] = []
        taken: list[Rich] = []
        for left, name, right in items[:MOST]:
            negative = _negative(left)
            (taken if negative else added).append(self._multiple(left[1:] if negative else left, name, right))
        if len(items) > MOST:
            (added or taken).append((f"{len(items) - MOST} more multiples of facts",))
        parts: list[Rich] = [
            (word, *joined(some)) for word, some in (("adding ", added), ("subtracting ", taken)) if some
        ]
        return joined(parts, ", and ")

    def _multiple(self, left: str, name: str, right: str) -> Rich:
        """Return ``left * (fact) * right``, factors 1 left out."""
        flipped = name.endswith("'")
        fact = self.fact(name.removesuffix("'"))
        found: Rich = ("the transpose of ", *fact) if flipped else fact
        before: Rich = () if left == "1" else (self._factor(left), " times ")
        after: Rich = () if right == "1" else (" times ", self._factor(right))
        return (*before, *(("(", *found, ")") if (before or after) and len(found) > 1 else found), *after)

    def _factor(self, text: str) -> Math:
        math = matrix_math(self.context, text)
        if _is_sum(text):
            return Math(f"({math.text})", f"\\left({math.latex}\\right)")
        return math

    def _nat(self, step: Step) -> Rich:
        names = list(dict.fromkeys(facts_in_proof(step["proof"])))
        return ("By arithmetic of naturals", *self._from(names), ".")

    def _from(self, names: list[str]) -> Rich:
        return (" from ", *joined([self.fact(name) for name in names])) if names else ()

    def _natural(self, step: Step) -> Rich:
        return ("A member of the family ", Name(step["of"]), " of naturals is a natural.")

    def _instance(self, step: Step) -> Rich:
        values = joined([(nat_math(self.context, text),) for text in step["at"]])
        return (*capital(self.fact(step["of"])), *((" at ", *values) if values else ()), ".")

    def _psd(self, step: Step) -> Rich:
        parts = [self._square(*item) for item in step["squares"][:MOST]]
        if len(step["squares"]) > MOST:
            parts.append((f"{len(step['squares']) - MOST} more squares",))
        what = "The matrix is " if canonical(step["fact"]).startswith("psd(") else "The difference of both sides is "
        value: Rich = joined(parts, " plus ") if len(parts) < 3 else ("the sum of ", *joined(parts))
        rest: Rich = (", ", *self._multiples(step["by"])) if step["by"] else ()
        return (what, *(value or ("zero",)), *rest, ".")

    def _square(self, factor: str, q: str, fact: str = "") -> Rich:
        """Return ``factor * q' * (fact) * q``, factors 1 left out."""
        inside = self.fact(fact) if fact else ()
        shown: Rich = ("that of ", *inside) if inside else ("the square of ", self._factor(q))
        if inside and q != "1":
            shown = (*shown, " between the transpose of ", self._factor(q), " and ", self._factor(q))
        return shown if factor == "1" else (Math(factor, _fraction(factor)), " times ", *shown)

    def _index(self, step: Step) -> Rich:
        names = list(dict.fromkeys(facts_in_proof(step["proofs"])))
        return ("Both are members of one family at equal indices", "," if names else "", *self._from(names), ".")

    def _have(self, step: Step) -> Rich:
        return ("By the sub-proof below.",)

    def _induction(self, step: Step) -> Rich:
        low, high = nat_math(self.context, step["from"]), nat_math(self.context, step["to"])
        ends: Rich = ("down from ", high, " to ", low) if step.get("down") == 1 else ("up from ", low, " to ", high)
        return ("By induction on ", variable(step["index"]), ", ", *ends, ".")

    def _choose(self, step: Step) -> Rich:
        names = joined([(Name(item["name"]),) for item in step["state"]])
        low, high = nat_math(self.context, step["from"]), nat_math(self.context, step["to"])
        return ("By choosing the members of ", *names, " one after another, for ", variable(step["index"]),
                " from ", low, " to ", high, ".")  # fmt: skip

    def _cases(self, step: Step) -> Rich:
        return ("By cases: ", *self._both(step), ".")

    def _either(self, step: Step) -> Rich:
        names = joined([(Name(item["matrix"]),) for item in step["exists"]])
        return ("By cases, each of which says what ", *names, f" {'is' if len(step['exists']) == 1 else 'are'}: ",
                *self._both(step), ".")  # fmt: skip

    def _both(self, step: Step) -> Rich:
        return "either ", guard(self.context, step, "left"), " or ", guard(self.context, step, "right")

    def _absurd(self, step: Step) -> Rich:
        return (*capital(self.fact(step["of"])), " is false, and from it anything follows.")

    def _hole(self, step: Step) -> Rich:
        return ("No proof is given.",)

    def _define(self, step: Step) -> Rich:
        return ("By definition.",)

    def _cite(self, step: Step) -> Rich:
        found: Rich = ("By ", Name(step["theorem"]))
        values: list[Rich] = []
        for kind, show in (("naturals", nat_math), ("matrices", matrix_math)):
            for left, right in step[kind].items():
                if left == right:
                    continue
                ((index, text),) = heads({left: right}).values()
                inner = self.context.child()
                for one in index:
                    if one not in inner.symbols:
                        inner.declare_natural(one)
                values.append((Name(left), " := ", show(inner, text)))
        if values:
            found = (*found, " with ", *joined(values))
        used = [self.labels.source(name, self.context.facts, self.context) for name in step["facts"].values()]
        if used:
            found = (*found, ", from ", *joined(list(dict.fromkeys(used))))
        return (*found, ".")


def guard(context: Context, step: Step, side: str) -> Math:
    """Return what a case distinction assumes on one side."""
    left, _, right = canonical(step["on"]).partition(" <= ")
    text = f"{left} <= {right}" if side == "left" else f"{right} + 1 <= {left}"
    return Math(text, relation_latex(context, text))


def variable(name: str) -> Math:
    """Return a natural variable."""
    inner = Context()
    inner.declare_natural(name)
    return nat_math(inner, name)


def capital(rich: Rich) -> Rich:
    """Return a sentence with a capital first letter, if it starts with a word."""
    first = rich[0] if rich else ""
    return (first[:1].upper() + first[1:], *rich[1:]) if isinstance(first, str) else rich


def _is_sum(text: str) -> bool:
    depth = 0
    for position, token in enumerate(tokens(text)):
        depth += (token in "([") - (token in ")]")
        if depth == 0 and token in "+-" and position:
            return True
    return False


def _negative(text: str) -> bool:
    return text.startswith("-") and not _is_sum(text)


def _fraction(text: str) -> str:
    top, slash, bottom = text.partition("/")
    return f"\\frac{{{top}}}{{{bottom}}}" if slash else text
