"""Which givens of a theorem its proof uses, for which indices, and what the statement divides by on their strength."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from symlora.kernel.facts import Values as Replaced
from symlora.kernel.naturals import Nat, add, atom, minus, number, times
from symlora.kernel.printing import fact_text, matrix_text, nat_text
from symlora.kernel.replay import Library
from symlora.kernel.words import Matrix, letters
from symlora.proof.narrowing import Values, narrowed_proof, replays, values_used, without
from symlora.proof.uses import CITATION, RANGE, Reading, Use, places, readings

UNUSED, USED, PARTLY = "unused", "used", "used partly"
GLYPHS = {UNUSED: "○", USED: "✓", PARTLY: "◐"}


@dataclass(frozen=True)
class Entry:
    """What a proof does with one given.

    `status` is ``unused``, ``used`` or ``used partly``, `where` the user's steps (or cited theorems) that use it,
    `note` says how, `left_out` which part of it is not used. `construction` and `conclusion` list the matrices by which
    the definitions and the goals of the statement divide, and whose inverses are shown to exist with this given.
    `checked` says, of what is unused wholly or in part, whether the kernel accepts the proof without it.
    """

    name: str
    fact: str
    status: str
    where: tuple[str, ...] = ()
    note: str = ""
    left_out: str = ""
    construction: tuple[str, ...] = ()
    conclusion: tuple[str, ...] = ()
    checked: bool | None = None


@dataclass(frozen=True)
class Ledger:
    """The entries of a theorem in the order of its statement, and the sharper statement that its proof gives.

    `dropped` and `narrowed` (new facts by name) together lead to a theorem that replays; both are empty if there is
    nothing to sharpen, or if the kernel did not accept all changes at once.
    """

    theorem: str
    entries: tuple[Entry, ...]
    dropped: tuple[str, ...] = ()
    narrowed: tuple[tuple[str, str], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the ledger as plain data."""
        entries = [asdict(entry) for entry in self.entries]
        return {"theorem": self.theorem, "givens": entries, "sharper": {
            "dropped": list(self.dropped), "narrowed": dict(self.narrowed)}}  # fmt: skip


def ledger(bundle: dict[str, Any]) -> Ledger:
    """Return the ledger of the last theorem of a closed bundle; raises `Rejected` if the kernel refuses the bundle.

    >>> setup = [{"matrix": x, "index": [], "shape": ["1", "1"]} for x in "AB"]
    >>> setup += [{"given": "h", "fact": "A = B"}, {"given": "k", "fact": "B = 0"}]
    >>> step = {"rule": "eq", "fact": "B = A", "by": [["-1", "h", "1"]], "as": "swap"}
    >>> data = {"name": "t", "setup": setup, "goals": [{"name": "swap", "fact": "B = A"}], "proof": [step],
    ...         "done": ["swap"]}
    >>> print(render(ledger({"format": "symlora-certificate", "version": 1, "theorems": [data]})))
    t
      ✓ used    h  in swap
      ○ unused  k  checked: the proof replays without it
    sharper, checked: without k
    """
    library, found = readings(bundle)
    data = bundle["theorems"][-1]
    return _Book(data, found[data["name"]], library).ledger()


class _Book:
    """One theorem, its reading, and the kernel's library."""

    def __init__(self, data: dict[str, Any], reading: Reading, library: Library) -> None:
        self.data, self.reading, self.library = data, reading, library
        self.uses: dict[str, list[Use]] = {name: [] for name in reading.stated.givens}
        for use in reading.uses:
            self.uses[use.fact].append(use)
        self.inverses = list(_inverses(data, reading))
        self.values: dict[str, Values] = {}

    def ledger(self) -> Ledger:
        """Return the entries, and what the proof needs once all that they leave out is left out."""
        items = [item for item in self.data["setup"] if "given" in item or "such" in item]
        entries = tuple(self.such(item) if "such" in item else self.given(item["given"]) for item in items)
        plain = Ledger(self.data["name"], entries)
        dropped = [entry.name for entry in entries if entry.status == UNUSED and entry.checked]
        data = without(self.data, self.reading, dropped)
        narrowed: dict[str, str] = {}
        for entry in entries:
            if entry.checked and entry.name in self.values:
                uses = [use for use in self.again(data).uses if use.fact == entry.name]
                data = narrowed_proof(data, uses, entry.name, self.values[entry.name], self.library)
                if data is None or replays(data, self.library) is None:
                    return plain
                narrowed[entry.name] = next(item["fact"] for item in data["setup"] if item.get("given") == entry.name)
        if narrowed:
            # A given that served only to show the range of another may have become superfluous.
            reading = self.again(data)
            used = {use.fact for use in reading.uses}
            more = [item["given"] for item in data["setup"] if "given" in item and item["given"] not in used]
            data, dropped = without(data, reading, more), dropped + more
        return plain if replays(data, self.library) is None else replace(
            plain, dropped=tuple(dropped), narrowed=tuple(narrowed.items())
        )  # fmt: skip

    def again(self, data: dict[str, Any]) -> Reading:
        """Return a changed form of the theorem, read after the same earlier ones; the kernel has accepted it."""
        return Reading(data, self.library, self.reading.earlier)

    def given(self, name: str) -> Entry:
        """Return the entry of one given."""
        fact, uses = self.reading.stated.givens[name], self.uses[name]
        text, where = fact_text(fact), tuple(places(self.reading, [name]))
        if not uses:
            checked = replays(without(self.data, self.reading, [name]), self.library) is not None
            return Entry(name, text, UNUSED, checked=checked)
        entry = Entry(name, text, USED, where)
        if fact.body.kind == "nonsingular":
            entry = replace(entry, construction=self.divides(name, True), conclusion=self.divides(name, False))
        real = [use for use in uses if use.how != RANGE]
        if not real:
            return replace(entry, note=f"only to show that {' and that '.join(self.ranges(uses))}")
        if not any(use.needed for use in real):
            idle = list(dict.fromkeys(use.step["theorem"] for use in real))
            return replace(entry, where=(), note=f"only handed to {_listed(idle)}, without being needed there")
        if not fact.hints:
            return entry
        values = values_used(self.reading, name, real)
        if not values.left_out:
            whole = "as a whole" if any(use.how == CITATION for use in real) else ""
            return replace(entry, note=values.where or whole)
        self.values[name] = values
        changed = narrowed_proof(self.data, real, name, values, self.library)
        checked = changed is not None and replays(changed, self.library) is not None
        return replace(entry, status=PARTLY, note=values.where, left_out=values.left_out, checked=checked)

    def such(self, item: dict[str, Any]) -> Entry:
        """Return the entry of what a statement takes over from the goals of another theorem."""
        facts = [name for name in self.uses if name.startswith(f"{item['as']}.")]
        needed = [name for name in facts if any(use.needed for use in self.uses[name])]
        short = [name.removeprefix(f"{item['as']}.") for name in needed]
        text = f"the goals of {item['such']}"
        where = tuple(places(self.reading, needed))
        if not any(self.uses[name] for name in facts):
            checked = replays(without(self.data, self.reading, [item["as"]]), self.library) is not None
            return Entry(item["as"], text, UNUSED, checked=checked)
        status = USED if len(needed) == len(facts) else PARTLY
        some = f"only {_listed(short)}" if short else "only handed on, without being needed there"
        return Entry(item["as"], text, status, where, "" if status == USED else some)

    def ranges(self, uses: Iterable[Use]) -> list[str]:
        """Return what a given that serves only in range proofs shows."""
        said = []
        for use in uses:
            step, target = use.step, use.step.get("of", "")
            if step["rule"] != "instance":
                said.append("a term is natural")
                continue
            owner, part = target.rpartition(".")[::2]
            of = f"the definition of {owner}" if part in ("def", "step", "start") else target
            at = ", ".join(nat_text(use.context.nat(text)) for text in step["at"])
            said.append(f"{at if len(step['at']) == 1 else f'({at})'} is in the range of {of}")
        return list(dict.fromkeys(said))

    def divides(self, name: str, construction: bool) -> tuple[str, ...]:
        """Return the matrices of definitions, or of goals, whose inverses are shown to exist with a given."""
        return tuple(
            text for text, matrix, defined in self.inverses if defined == construction
            and any(name in needs and _meet(shown, matrix) for shown, needs in self.reading.supports)
        )  # fmt: skip


def _inverses(data: dict[str, Any], reading: Reading) -> Iterator[tuple[str, Matrix, bool]]:
    """Yield what a statement divides by: text, matrix with variables called ``!…``, whether a definition does so."""
    families = [one["name"] for item in data["setup"] for one in item.get("define", [])]
    facts = [reading.stated.givens.get(f"{name}.{part}") for name in families for part in ("def", "start", "step")]
    seen = []
    for fact in [*facts, *reading.stated.goals.values()]:
        sides = fact.body.sides if fact is not None and fact.body.kind in ("=", "nonsingular", "psd") else ()
        for x in (x for side in sides for x in letters(side) if x.head == "inv"):
            hints = fact.hints if fact is not None else ()
            plain, apart = (Replaced({f"#{k}": atom(f"{mark}{hint}") for k, hint in enumerate(hints)}).matrix(x.args[0])
                            for mark in ("", "!"))  # fmt: skip
            if matrix_text(plain) not in seen:
                seen.append(matrix_text(plain))
                yield seen[-1], apart, fact in facts


def _meet(shown: Matrix, wanted: Matrix) -> bool:
    """Return whether the two matrices have a common instance, found by solving linear equations between indices."""
    first, second = list(letters(shown)), list(letters(wanted))
    if [x.head for x in first] != [x.head for x in second]:
        return False
    values: dict[str, Nat] = {}
    for x, y in zip(first, second, strict=True):
        for a, b in zip(x.args, y.args, strict=True):
            if isinstance(a, Matrix) or isinstance(b, Matrix):
                continue
            gap = minus(Replaced(values).size(a), Replaced(values).size(b))
            if not gap:
                continue
            solved = _solved(gap)
            if solved is None:
                return False
            values = {name: Replaced(dict([solved])).size(value) for name, value in values.items()} | dict([solved])
    return Replaced(values).matrix(shown) == Replaced(values).matrix(wanted)


def _solved(gap: Nat) -> tuple[str, Nat] | None:
    """Return a variable that occurs only once and linearly in ``gap = 0``, with its value."""
    for monomial, c in gap:
        if len(monomial) == 1 and abs(c) == 1 and monomial[0][0][0] in "?!":
            one = monomial[0]
            if sum(one in m for m, _ in gap) == 1:
                return one[0], times(number(-c), add(gap, times(number(-c), atom(one[0]))))
    return None


def _listed(words: Sequence[str]) -> str:
    """Return words joined as in a sentence.

    >>> _listed(["g1", "g2", "g3"])
    'g1, g2 and g3'
    """
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _sentence(entry: Entry) -> str:
    """Return what there is to say about one given."""
    where = f"in {_listed(entry.where)}" if entry.where else ""
    parts = [", ".join(filter(None, [entry.note, where])), entry.left_out]
    for what, matrices in (("construction", entry.construction), ("conclusion", entry.conclusion)):
        if matrices:
            exist = "whose inverse is" if len(matrices) == 1 else "whose inverses are"
            parts.append(f"the {what} divides by {_listed(matrices)}, {exist} shown to exist with this")
    if entry.checked is not None:
        with_what = "without it" if entry.status == UNUSED else "with this part alone"
        parts.append(f"checked: the proof replays {with_what}" if entry.checked else f"not checked {with_what}")
    return "; ".join(filter(None, parts))


def render(book: Ledger) -> str:
    """Return the ledger as text: one line for each given, with glyph, word, name and a sentence."""
    word = max((len(entry.status) for entry in book.entries), default=0)
    name = max((len(entry.name) for entry in book.entries), default=0)
    lines = [book.theorem, *(
        f"  {GLYPHS[e.status]} {e.status:<{word}}  {e.name:<{name}}  {_sentence(e)}".rstrip() for e in book.entries
    )]  # fmt: skip
    if not book.entries:
        lines.append("  no givens")
    changes = [f"without {_listed(book.dropped)}"] if book.dropped else []
    changes += [f"{given} only {fact}" for given, fact in book.narrowed]
    return "\n".join([*lines, *([f"sharper, checked: {'; '.join(changes)}"] if changes else [])])


def ledger_text(bundle: dict[str, Any]) -> str:
    """Return the ledger of the last theorem of a closed bundle as text; raises `Rejected` as `ledger` does."""
    return render(ledger(bundle))
