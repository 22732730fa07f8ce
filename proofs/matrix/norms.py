"""The spectral norm: products, sums, multiples by -1, and the singular value 0."""

from symlora import by, eq, eye, le, norm2, psd, theorem, zero

with theorem("matrix/order-antisymmetric", title="a <= b and b <= a give a = b") as t:
    a, b = t.matrices("a b", (1, 1))
    t.given("above", le(a, b))
    t.given("below", le(b, a))
    t.cite("none", "axiom/antisymmetric", P=b - a)
    t.show(eq(a, b), by.algebra("none"))

with theorem("matrix/norm-product", title="The spectral norm is submultiplicative") as t:
    m, n, p = t.naturals("m n p")
    A, B = t.matrix("A", (m, n)), t.matrix("B", (n, p))
    a, b = norm2(A), norm2(B)
    t.cite("A", "axiom/norm", M=A)
    t.cite("B", "axiom/norm", M=B)
    t.cite("sign", "axiom/multiple", c=a, P=b)
    t.have(
        "squares", psd(a * b * (a * b) * eye(p) - (A * B).T * (A * B)), by.squares([(B, "A-g2"), (a * eye(p), "B-g2")])
    )
    t.cite("least", "axiom/norm-least", M=A * B, t=a * b)
    t.show(le(norm2(A * B), norm2(A) * norm2(B)), by.order("least"))

with theorem("matrix/norm-negative", title="A matrix and its negative have one norm") as t:
    m, n = t.naturals("m n")
    A = t.matrix("A", (m, n))
    t.cite("plus", "axiom/norm", M=A)
    t.cite("minus", "axiom/norm", M=-A)
    t.cite("above", "axiom/norm-least", M=-A, t=norm2(A))
    t.cite("below", "axiom/norm-least", M=A, t=norm2(-A))
    t.cite("equal", "matrix/order-antisymmetric", a=norm2(-A), b=norm2(A))
    t.show(eq(norm2(-A), norm2(A)), by.algebra("equal"))

with theorem("matrix/norm-of-zero", title="The zero matrix has norm 0") as t:
    m, n = t.naturals("m n")
    t.cite("sign", "axiom/norm", M=zero(m, n))
    t.cite("least", "axiom/norm-least", M=zero(m, n), t=zero(1, 1))
    t.cite("equal", "matrix/order-antisymmetric", a=norm2(zero(m, n)), b=zero(1, 1))
    t.show(eq(norm2(zero(m, n)), 0), by.algebra("equal"))
