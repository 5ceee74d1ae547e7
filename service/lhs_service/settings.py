"""Settings of the service: where it keeps things, and how much it takes.

Read from variables that start with `LHS_SERVICE_`, as in `LHS_SERVICE_FILES=50`.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

MEBIBYTE = 1 << 20
_NAME = "lhs-evidence"


def default_data() -> Path:
    """Return this user's data folder for the program, where the platform keeps such folders."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / _NAME
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / _NAME
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / _NAME


class ServiceSettings(BaseSettings):
    """All settings of the service."""

    model_config = SettingsConfigDict(env_prefix="LHS_SERVICE_", extra="ignore")

    data: Path = Field(default_factory=default_data, description="Folder for uploads and reports.")
    file_bytes: int = Field(50 * MEBIBYTE, ge=1, description="Largest file taken, in bytes.")
    files: int = Field(200, ge=1, description="Most files in one upload.")
    request_bytes: int = Field(
        1024 * MEBIBYTE, ge=1, description="Largest request taken, in bytes, with all its files."
    )
    stall_seconds: float = Field(
        30.0, gt=0, description="Seconds that a client may send nothing in the middle of an upload."
    )
    attempts: int = Field(
        3, ge=1, description="Times an analysis is begun before it counts as failed."
    )
