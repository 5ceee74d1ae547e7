"""Numbers as sentences set them."""

import pytest

from lhs_evidence.assess.quantities import quantities


@pytest.mark.parametrize(
    ("sentence", "sum_"),
    [
        ("The fine must not exceed $5,000.135", 5000),
        ("The fine must not exceed $5,000.50 in all.", 5000.5),
        ("The fine must not exceed $1.375 million.", 1_375_000),
        ("The fine must not exceed $5,000.", 5000),
    ],
)
def test_the_number_of_a_note_is_not_taken_for_cents(sentence, sum_):
    [found] = [item for item in quantities(sentence) if "sum" in item.kind]
    assert found.value == pytest.approx(sum_)
