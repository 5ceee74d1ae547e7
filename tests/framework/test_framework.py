"""The framework as data: what is packaged, and what is refused."""

from __future__ import annotations

import copy
from importlib.resources import files

import pytest
import yaml

from lhs_evidence.errors import FrameworkError
from lhs_evidence.framework import load_framework

PACKAGED = yaml.safe_load(
    (files("lhs_evidence.framework") / "nam-shared-commitments.yaml").read_text(encoding="utf-8")
)


def load_changed(tmp_path, change):
    data = copy.deepcopy(PACKAGED)
    change(data)
    path = tmp_path / "framework.yaml"
    path.write_text(yaml.safe_dump(data), encoding="utf-8")
    return load_framework(path)


def test_the_ten_commitments_stand_in_the_order_of_their_source():
    expected = "engaged safe effective equitable efficient accessible accountable transparent "
    assert load_framework().commitment_ids == tuple((expected + "secure adaptive").split())


def test_facets_are_those_of_the_labelling_guidelines():
    expected = {
        "engaged": "understanding caring acting",
        "safe": "protocols risk",
        "effective": "evidence currency goals",
        "equitable": "parity opportunity",
        "efficient": "value affordability",
        "accessible": "timely convenient interoperable affordable",
        "accountable": "responsibilities measures feedback",
        "transparent": "processes results",
        "secure": "access sharing use ai",
        "adaptive": "learning improvement",
    }
    keys = {f"{commitment}.{f}" for commitment, named in expected.items() for f in named.split()}
    assert set(load_framework().facet_keys) == keys


def test_every_facet_belongs_to_a_foundation_and_every_foundation_has_facets():
    framework = load_framework()
    used = [set(facet.foundations) for c in framework.commitments for facet in c.facets]
    assert all(used)
    assert set.union(*used) == {"science", "informatics", "incentives", "culture"}


def test_kinds_differ_in_what_is_expected():
    framework = load_framework()
    assert framework.expects("hospital", "effective", "goals")
    assert not framework.expects("vendor", "effective", "goals")
    assert [kind.id for kind in framework.kinds] == [
        *("hospital", "clinic", "payer", "public-health", "vendor", "research")
    ]


def test_the_source_is_cited():
    assert load_framework().source.url == "https://doi.org/10.31478/202412c"


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda d: d["commitments"][0].update(id="safe"), "commitment given twice"),
        (lambda d: d["commitments"][0]["facets"][0].update(id="caring"), "facet of engaged"),
        (lambda d: d["commitments"][0]["facets"][0].update(foundations=["luck"]), "luck"),
        (lambda d: d["kinds"][1].update(not_expected=["safe.nothing"]), "safe.nothing"),
        (lambda d: d["levels"].pop("measured"), "measured"),
        (lambda d: d.update(colour="blue"), "colour"),
        (lambda d: d["commitments"][0].update(id="Not A Key"), "commitments.0.id"),
        (lambda d: d.pop("source"), "source"),
    ],
)
def test_a_fault_is_named_in_one_line(tmp_path, change, word):
    with pytest.raises(FrameworkError) as caught:
        load_changed(tmp_path, change)
    assert word in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [b"a: [", b"\xff\xfe\x00", b"- just\n- a list\n", b""])
def test_a_file_that_is_no_framework_is_refused(tmp_path, content):
    path = tmp_path / "framework.yaml"
    path.write_bytes(content)
    with pytest.raises(FrameworkError, match=r"framework\.yaml"):
        load_framework(path)


def test_yaml_cannot_run_code(tmp_path):
    path = tmp_path / "framework.yaml"
    path.write_text("id: !!python/object/apply:os.getcwd []")
    with pytest.raises(FrameworkError):
        load_framework(path)
