"""Reads a framework file and says in one sentence what is wrong with it, if anything is."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from lhs_evidence.errors import FrameworkError
from lhs_evidence.framework.framework import Framework

_DEFAULT = "nam-shared-commitments.yaml"


def load_framework(path: Path | None = None) -> Framework:
    """Return the framework in a YAML file, or the packaged one if no file is given.

    Raises:
        FrameworkError: The file cannot be read, is not YAML, or does not describe a framework.
    """
    name = str(path) if path else _DEFAULT
    try:
        return Framework.model_validate(_parse(path))
    except OSError as error:
        raise FrameworkError(f"framework {name}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise FrameworkError(f"framework {name}: not UTF-8 text") from error
    except yaml.YAMLError as error:
        where = getattr(error, "problem_mark", None)
        line = f", line {where.line + 1}" if where else ""
        raise FrameworkError(f"framework {name}{line}: not valid YAML") from error
    except ValidationError as error:
        raise FrameworkError(f"framework {name}: {_first_fault(error)}") from error


def _parse(path: Path | None) -> Any:
    source = path if path else files("lhs_evidence.framework") / _DEFAULT
    return yaml.safe_load(source.read_text(encoding="utf-8"))


def _first_fault(error: ValidationError) -> str:
    fault = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in fault["loc"])
    message = fault["msg"].removeprefix("Value error, ")
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    return f"{where}: {message}{more}" if where else f"{message}{more}"
