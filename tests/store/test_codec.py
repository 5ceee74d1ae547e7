import math
from collections.abc import Mapping
from dataclasses import is_dataclass
from types import UnionType
from typing import get_args, get_origin, get_type_hints

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from pydantic import ValidationError

from lhs_evidence.model import Assessment, Document, Finding, Passage
from lhs_evidence.store.codec import dump, load, vector_from_bytes, vector_to_bytes


def values(hint):
    """Return a strategy for a noun's field, or for a noun; all numbers are finite."""
    arguments = [values(part) for part in get_args(hint) if part is not ...]
    if get_origin(hint) is UnionType:
        return st.one_of([values(part) for part in get_args(hint)])
    if get_origin(hint) is tuple:
        return st.lists(arguments[0], max_size=3).map(tuple)
    if get_origin(hint) is Mapping:
        return st.dictionaries(*arguments, max_size=3)
    if is_dataclass(hint):
        return st.builds(hint, **{name: values(h) for name, h in get_type_hints(hint).items()})
    if hint is float:
        return st.floats(allow_nan=False, allow_infinity=False)
    return st.from_type(hint)


@pytest.mark.parametrize("kind", [Document, Passage, Finding, Assessment])
@settings(deadline=None)
@given(data=st.data())
def test_a_noun_comes_back_as_it_was(kind, data):
    noun = data.draw(values(kind))
    assert load(kind, dump(noun)) == noun


def test_mappings_keep_their_order():
    found = load(dict[str, float], dump({"z": 0.5, "a": 0.5}))
    assert list(found) == ["z", "a"]


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_not_finite_is_refused(number):
    with pytest.raises(ValueError, match="not a finite number"):
        dump((0.5, number))


def test_a_text_may_speak_of_nan_and_infinity():
    assert load(tuple[str, ...], dump(("NaN", "Infinity"))) == ("NaN", "Infinity")


@pytest.mark.parametrize("text", ["", "{}", '{"id": 1}', "[1, 2", "null"])
def test_what_is_no_noun_is_refused(text):
    with pytest.raises(ValidationError):
        load(Passage, text)


@settings(deadline=None)
@given(arrays.arrays(np.float32, st.integers(0, 50), elements=st.floats(width=32)))
def test_a_vector_comes_back_bit_for_bit(vector):
    back = vector_from_bytes(vector_to_bytes(vector))
    assert back.dtype == np.float32
    assert back.tobytes() == vector.tobytes()


def test_vectors_are_little_endian_32_bit_floats():
    assert vector_to_bytes(np.array([1.0, -2.0], dtype=np.float32)).hex() == "0000803f000000c0"
    big = np.array([1.0], dtype=">f4")
    assert vector_to_bytes(big).hex() == "0000803f"


def test_a_vector_of_broken_length_is_refused():
    with pytest.raises(ValueError, match="multiple"):
        vector_from_bytes(b"12345")
