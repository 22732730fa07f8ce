"""The arguments of ``symlora sweep``; light to import, so that help is fast."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import NoReturn

from symlora.runs.errors import RunError


class Parser(argparse.ArgumentParser):
    """A parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        """Raise `RunError` with the message and where help is."""
        raise RunError(f"{message}; {self.prog} --help shows an example")


def parser() -> Parser:
    """Return the parser of ``symlora sweep``.

    >>> parser().parse_args(["linear", "--width", "8", "--depth", "2", "--rank", "4", "--out", "here"]).instances
    1000
    """
    one = Parser(
        prog="symlora sweep", allow_abbrev=False, formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Evaluate every fact of a proof on many float instances: the construction of Lemma 1 on random "
                    "linear networks.",
        epilog="example:\n  symlora sweep linear --width 64 --depth 4 --rank 16 --instances 1000 --out results\n\n"
               "exit status: 0 every error is explained by rounding; 1 one is not; 2 bad input",
    )  # fmt: skip
    one.add_argument("network", choices=["linear"], help="what to sweep")
    one.add_argument("--width", type=int, required=True, metavar="D", help="rows and columns of every layer")
    one.add_argument("--depth", type=int, required=True, metavar="L", help="number of layers")
    one.add_argument("--rank", type=int, required=True, metavar="R", help="rank of the adapters, from 1 to D")
    one.add_argument("--instances", type=int, default=1000, metavar="N", help="how many networks (1000)")
    one.add_argument("--backend", choices=["numpy", "cupy"], default="numpy", help="cupy runs on a GPU")
    one.add_argument("--dtype", choices=["float64", "float32"], default="float64", help="type of the floats")
    one.add_argument("--seed", type=int, default=0, help="seed of the weights (0)")
    one.add_argument("--memory", type=float, default=2.0, metavar="GIB", help="bound on memory (2)")
    one.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for the results")
    one.add_argument("--resume", action="store_true", help="go on with the sweep in DIR")
    return one
