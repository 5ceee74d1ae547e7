"""The description of the API holds together."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator

from lhs_service.api.models import AnalysisAnswer
from lhs_service.app import create_app
from lhs_service.settings import ServiceSettings


@pytest.fixture(scope="module")
def spec(tmp_path_factory, analyzer):
    app = create_app(ServiceSettings(data=tmp_path_factory.mktemp("openapi")), analyzer)
    return json.loads(json.dumps(app.openapi()))


def _operations(spec):
    for path, methods in spec["paths"].items():
        for method, operation in methods.items():
            yield f"{method} {path}", operation


def test_its_schemas_are_schemas_and_every_reference_leads_somewhere(spec):
    text = json.dumps(spec)
    for name, schema in spec["components"]["schemas"].items():
        Draft202012Validator.check_schema(schema)
        assert f'"#/components/schemas/{name}"' in text
    for part in text.split('"$ref": "#/components/schemas/')[1:]:
        assert part.split('"')[0] in spec["components"]["schemas"]


def test_every_operation_says_what_it_does_and_how_it_refuses(spec):
    for name, operation in _operations(spec):
        assert operation["summary"], name
        if "/api/" not in name:
            continue
        refusals = {k: v for k, v in operation["responses"].items() if k >= "400"}
        assert {"421", "500"} <= set(refusals), name
        for refusal in refusals.values():
            assert "application/problem+json" in refusal["content"]


def test_only_the_api_and_health_are_in_it(spec):
    assert set(spec["paths"]) == {
        "/health",
        "/api/v1/analyses",
        "/api/v1/analyses/{analysis}",
        "/api/v1/analyses/{analysis}/report",
        "/api/v1/analyses/{analysis}/report.html",
    }


def test_an_upload_is_a_form_with_files(spec):
    body = spec["paths"]["/api/v1/analyses"]["post"]["requestBody"]["content"]
    assert body["multipart/form-data"]["schema"]["required"] == ["files"]


def test_the_example_is_an_answer():
    AnalysisAnswer.model_validate(AnalysisAnswer.model_config["json_schema_extra"]["example"])
