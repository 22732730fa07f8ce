"""Reading: strict JSON of one format and version, plain names, limits on size and depth."""

# ruff: noqa: E501 -- rows of data

from __future__ import annotations

import json

from ..builders import bundle, eq, nat, proof, theorem
from ..case import Case

GOOD = proof(["natural n"], "0 <= n", nat("0 <= n"))
TEXT = json.dumps(GOOD)


def edited(old: str, new: str) -> bytes:
    """Return the good certificate with one piece of its text replaced."""
    if TEXT.count(old) != 1:
        raise ValueError(old)
    return TEXT.replace(old, new).encode()


LONG = "1" + "0" * 1000
PRODUCT = "*".join(["1" + "0" * 999] * 5)

CASES = [
    Case("truncated", "Half of a certificate.", TEXT[: len(TEXT) // 2].encode(), "json-syntax", "a JSON document"),
    Case("empty-file", "Nothing at all.", b"", "json-syntax", "a JSON document"),
    Case("two-documents", "A second document after the first.", (TEXT + TEXT).encode(), "json-syntax", "Extra data"),
    Case("comment", "JSON has no comments.", b"/* */" + TEXT.encode(), "json-syntax", "a JSON document"),
    Case("list", "A list of theorems is no certificate.", b"[]", "form", "a list where an object is due"),
    Case("byte-order-mark", "Only ASCII.", b"\xef\xbb\xbf" + TEXT.encode(), "json-ascii", "byte 239 at 0"),
    Case("raw-unicode", "A letter outside ASCII.", edited('"0 <= n"}', '"0 <= \u03b7"}').decode().encode(), "json-ascii", "ASCII text"),
    Case("utf-16", "Another encoding.", TEXT.encode("utf-16"), "json-ascii", "ASCII text"),
    Case(
        "duplicate-key", "Of two keys the last would win, and a reader may have seen the first.",
        edited('"done": ["g"]', '"done": ["x"], "done": ["g"]'), "json-duplicate", "every key once", "harmless",
    ),
    Case("duplicate-version", "A key twice at the top.", edited('"version": 1', '"version": 2, "version": 1'),
         "json-duplicate", "every key once"),
    Case("float", "1.0 is not the integer 1.", edited('"version": 1', '"version": 1.0'), "json-float", "found '1.0'"),
    Case("exponent", "1e2 is not an integer.", edited('"version": 1', '"version": 1e2'), "json-float", "found '1e2'"),
    Case("nan", "NaN is not JSON.", edited('"version": 1', '"version": NaN'), "json-float", "found 'NaN'"),
    Case("infinity", "-Infinity is not JSON.", edited('"version": 1', '"version": -Infinity'), "json-float", "found '-Infinity'"),
    Case("true-for-one", "true is not 1.", edited('"version": 1', '"version": true'), "form", "a bool where a int is due"),
    Case("true-as-scale", "true is no scale.", edited('"proof": {}', '"proof": {"scale": true}'), "form", "a bool where"),
    Case("null", "null is no list.", edited('"done": ["g"]', '"done": null'), "form", "a NoneType where a list"),
    Case("other-format", "Another format.", edited("symlora-certificate", "other"), "format-name", "found 'other'", "harmless"),
    Case("other-version", "Another version of the format.", edited('"version": 1', '"version": 2'), "format-version",
         "version 1, found 2", "harmless"),
    Case("no-theorem", "A certificate of nothing.", bundle(), "format-empty", "at least one theorem", "harmless"),
    Case("unknown-field", "An unknown field of a step.", edited('"proof": {}', '"proof": {}, "axiom": "1"'), "form",
         "the unknown field 'axiom'", "harmless"),
    Case("unknown-field-on-top", "An unknown field of the certificate.", edited('"version": 1', '"version": 1, "trust": 1'),
         "form", "the unknown field 'trust'", "harmless"),
    Case("missing-field", "A step without a name.", edited(', "as": "g"', ""), "form", "no field 'as'"),
    Case("unknown-rule", "A rule that does not exist.", edited('"rule": "nat"', '"rule": "trust"'), "rule-known", "'trust'"),
    Case("rule-of-another-type", "A rule is named by a string.", edited('"rule": "nat"', '"rule": ["nat"]'), "rule-known", "['nat']"),
    Case("unknown-item", "An unknown item of a statement.", edited('{"natural": "n"}', '{"axiom": "n"}'), "setup-kind", "['axiom']"),
    Case("two-items-in-one", "An item that is a natural and a given.", edited('{"natural": "n"}', '{"natural": "n", "given": "h"}'),
         "form", "the unknown field 'given'"),
    Case("huge-number", "An integer of more digits than the limit.", edited('"proof": {}', f'"proof": {{"scale": {LONG}}}'),
         "json-digits", "at most 1000 digits, found 1001", "harmless"),
    Case("huge-number-in-text", "A number of more digits than the limit in a term.",
         proof([], f"0 <= {LONG}", nat(f"0 <= {LONG}")), "size-text", "within the limits of depth, length and digits", "harmless"),
    Case("long-text", "A term of more tokens than the limit.",
         proof([], "0 <= 0", nat("0 <= 0" + " + 0" * 20_000)), "size-text", "within the limits"),
    Case("deep-text", "More brackets than the limit.", proof([], "0 <= 0", nat("0 <= " + "(" * 50 + "0" + ")" * 50)), "size-text", "within the limits of depth, length and digits", "harmless",
    ),
    Case("long-coefficient", "A product of numbers that is too long to be printed.",
         proof(["A: 1 x 1"], "1 = 1", eq(f"{PRODUCT}*A = {PRODUCT}*A", name="b"), eq("1 = 1")), "size-replay",
         "numbers and nesting within limits"),
    Case("long-natural", "A natural that is too long to be printed.",
         proof(["natural n"], "1 = 1", nat(f"0 <= {PRODUCT}*n", name="b"), eq("1 = 1")), "size-replay", "within limits"),
    Case("very-deep-json", "Brackets that would overflow the stack.", b"[" * 1_000_000, "json-syntax", "maximum recursion depth"),
    Case("huge-file", "More bytes than the limit.", b" " * 16_000_000 + TEXT.encode(), "json-size", "at most 16000000 bytes"),
    Case("greek-name", "A name in another alphabet, hidden in an escape.", edited('{"natural": "n"}', '{"natural": "\\u03b7"}'),
         "name-plain", "found '\\u03b7'"),
    Case("cyrillic-twin", "Two names that print alike.", edited('{"natural": "n"}', '{"natural": "n"}, {"natural": "\\u043f"}'),
         "name-plain", "found '\\u043f'"),
    Case("arabic-digits", "A digit that int() would accept.", proof([], "0 <= 0", nat("0 <= \u0661")), "syntax", "plain ASCII"),
    Case("underscored-number", "1_0 is not 10.", proof([], "0 <= 1_0", nat("0 <= 1_0")), "syntax", "plain ASCII"),
    Case("scientific-number", "1e2 is not 100.", proof([], "0 <= 1e2", nat("0 <= 1e2")), "syntax", "an expression, found '1e2'"),
    Case("decimal-number", "Numbers are integers or quotients.", proof([], "1 = 1.0", eq("1 = 1.0")), "syntax", "plain ASCII"),
    Case("reserved-name-in-term", "A reserved word is no name.", proof([], "for = for", eq("for = for")), "syntax-variable", "one name for each variable"),
    Case("statement-continues", "Text after the end of a fact.", edited('"0 <= n"}', '"0 <= n)"}'), "syntax", "an expression, found 'n)'"),
    Case("template-variable", "A template variable cannot be written.", proof([], "0 <= 0", nat("0 <= %0")), "syntax", "plain ASCII"),
    Case("bound-variable", "A bound variable of the kernel cannot be written.", proof([], "0 <= 0", nat("0 <= #0")), "syntax", "plain ASCII"),
    Case("power", "A power is not in the language.", proof(["A: 1 x 1"], "A^2 = A^2", eq("A^2 = A^2")), "syntax", "plain ASCII"),
    Case("strict-inequality", "a < b is written a + 1 <= b.", proof(["natural a"], "0 < a", nat("0 < a")), "syntax", "plain ASCII"),
    Case("second-relation", "One relation in a fact.", proof(["natural a"], "0 <= a <= a", nat("0 <= a <= a")), "syntax", "a relation with two sides"),
    Case("theorem-as-text", "A theorem is an object.", b'{"format": "symlora-certificate", "version": 1, "theorems": ["t"]}', "form",
         "a str where a dict"),
    Case("theorem-of-another-alphabet", "The name of a theorem is plain.",
         bundle({**theorem([], "1 = 1", eq("1 = 1")), "name": "\u03b1"}), "theorem-name", "a plain name"),
]  # fmt: skip
