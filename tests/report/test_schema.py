from __future__ import annotations

import json
from importlib.resources import files

import jsonschema
import pytest
from pydantic import ValidationError

from lhs_evidence.model import Reason, Status
from lhs_evidence.report import GapReport, json_schema
from lhs_evidence.report.json_format import render_json

CONTRACT = {
    "": "schema organization kind framework created encoder classifier documents commitments gaps",
    "framework": "id version",
    "documents": "id name sha256 status pages pages_without_text passages warnings",
    "commitments": "id status confidence facets evidence",
    "commitments.facets": "id status confidence evidence",
    "commitments.evidence": "passage document pages start end quote heading confidence level "
    "polarity facets",
    "gaps": "commitment facet status reason why suggestion nearest",
}


def test_the_schema_file_is_the_schema_of_the_models():
    # To write it anew: json.dumps(json_schema(), indent=2, ensure_ascii=False) and a line end.
    packaged = files("lhs_evidence.report") / "gap-report.schema.json"
    assert json.loads(packaged.read_text("utf-8")) == json_schema()


def test_a_report_is_valid_against_the_schema_file(report: GapReport):
    validator = jsonschema.Draft202012Validator(json_schema())
    validator.check_schema(json_schema())
    validator.validate(json.loads(render_json(report)))


@pytest.mark.parametrize("field", ["schema", "gaps", "documents"])
def test_the_schema_refuses_a_report_without_a_field(report: GapReport, field):
    content = json.loads(render_json(report))
    del content[field]
    with pytest.raises(jsonschema.ValidationError, match=field):
        jsonschema.validate(content, json_schema())


@pytest.mark.parametrize("path", CONTRACT)
def test_every_field_of_the_contract_is_there(report: GapReport, path):
    content = json.loads(render_json(report))
    # The second commitment is one with evidence.
    for step in filter(None, path.split(".")):
        content = content[step]
        if isinstance(content, list):
            content = content[1 if step == "commitments" else 0]
    assert set(CONTRACT[path].split()) <= set(content)


def test_values_have_the_types_of_the_contract(report: GapReport):
    content = json.loads(render_json(report))
    annual = content["documents"][1]
    evidence = content["commitments"][1]["evidence"][0]
    assert content["schema"] == "1"
    assert (annual["pages"], annual["pages_without_text"], annual["warnings"]) == (
        9, 2, ["Two pages are pictures."]
    )  # fmt: skip
    assert (evidence["document"], evidence["pages"], evidence["heading"]) == (
        "doc_report", [4], ["Figures"]
    )  # fmt: skip
    assert {gap["reason"] for gap in content["gaps"]} == {reason.value for reason in Reason}
    facets = [facet for item in content["commitments"] for facet in item["facets"]]
    assert {facet["status"] for facet in facets} == {status.value for status in Status}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"surprise": 1}, "surprise"),
        ({"schema": "2"}, "'1'"),
        ({"created": "2026-03-02T09:30:00+02:00"}, "not a time in UTC"),
        ({"documents": []}, "which is not listed"),
        ({"passages": []}, "which is not in the report"),
    ],
)
def test_a_file_that_does_not_hold_together_is_refused(report: GapReport, change, message):
    content = json.loads(render_json(report)) | change
    with pytest.raises(ValidationError, match=message):
        GapReport.model_validate_json(json.dumps(content))


def test_a_quote_that_is_longer_than_its_place_is_refused(report: GapReport):
    content = json.loads(render_json(report))
    content["passages"][0]["quote"] += " And more."
    with pytest.raises(ValidationError, match="not as long as its place"):
        GapReport.model_validate_json(json.dumps(content))


@pytest.mark.parametrize("confidence", [1.2, -0.1, float("nan")])
def test_a_confidence_is_a_probability(report: GapReport, confidence):
    facet = report.commitments[0].facets[0].model_dump()
    with pytest.raises(ValidationError):
        type(report.commitments[0].facets[0]).model_validate(facet | {"confidence": confidence})
