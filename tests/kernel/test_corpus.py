"""Every case of the corpus is refused by its check, and every check of the kernel is needed for some case."""

from __future__ import annotations

import re

import pytest

from symlora.kernel.errors import Rejected
from symlora.kernel.form import load
from symlora.kernel.replay import replay

from .case import Case
from .corpus import ALL
from .weakened import weakened

OPENS = [case for case in ALL if case.without]


def ids(cases: list[Case]) -> list[str]:
    return [case.id for case in cases]


@pytest.mark.parametrize("case", ALL, ids=ids(ALL))
def test_refused(case: Case) -> None:
    with pytest.raises(Rejected, match=re.escape(case.fragment)) as caught:
        replay(load(case.data()))
    assert caught.value.check == case.check


@pytest.mark.parametrize("case", OPENS, ids=ids(OPENS))
def test_accepted_without_the_check(case: Case) -> None:
    kernel = weakened(case.check)
    kernel.replay(kernel.load(case.data()))
