"""What is wrong with the text of a claim."""

from __future__ import annotations


class ClaimError(ValueError):
    """A text that is no claim: where it goes wrong, what was expected there, and what was found.

    >>> str(ClaimError("A +", 3, "a term", "the end"))
    'column 4: expected a term, found the end, in "A +"'
    """

    def __init__(self, text: str, at: int, expected: str, found: str) -> None:
        super().__init__(expected, found)
        self.text, self.at, self.expected, self.found = text, at, expected, found

    def __str__(self) -> str:
        shown = self.text if len(self.text) <= 200 else f"{self.text[:200]}..."
        line = f'column {self.at + 1}: expected {self.expected}, found {self.found}, in "{shown}"'
        return " ".join(line.split())
