"""Settings: every knob in one place, each described, each readable from the environment.

Read from variables that start with `LHS_` (nested ones with two underscores, as in
`LHS_LIMITS__FILE_BYTES`). Nothing here builds a service or imports a model.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

MEBIBYTE = 1 << 20


class ReadingLimits(BaseModel):
    """Limits on one document; a document over one is refused with a reason, never cut silently."""

    file_bytes: int = Field(50 * MEBIBYTE, description="Largest file that is read, in bytes.")
    pages: int = Field(5_000, description="Most pages, sheets or slides in one document.")
    characters: int = Field(20_000_000, description="Most characters of text in one document.")
    archive_entries: int = Field(2_000, description="Most entries in one archive.")
    archive_bytes: int = Field(200 * MEBIBYTE, description="Most bytes of an archive, unpacked.")
    member_bytes: int = Field(100 * MEBIBYTE, description="Most bytes of one archive member.")
    archive_ratio: float = Field(200.0, description="Highest ratio of unpacked to packed bytes.")
    unpacked_bytes: int = Field(
        2048 * MEBIBYTE, description="Most bytes of all archives and mails of a run, unpacked."
    )
    container_depth: int = Field(
        2, description="Archives or mails that one may lie in and still be opened."
    )
    seconds: float = Field(30.0, description="Seconds that reading one document may take.")
    seconds_per_page: float = Field(0.1, description="Further seconds for each page.")
    seconds_most: float = Field(300.0, description="Seconds that no document may exceed.")
    memory_bytes: int = Field(1536 * MEBIBYTE, description="Address space of the reading process.")


class OcrSettings(BaseModel):
    """When pages are read by text recognition (Tesseract), and what that may cost."""

    mode: Literal["auto", "off", "force"] = Field(
        "auto",
        description="auto recognises pages without a text layer, force every page, off none.",
    )
    languages: str = Field(
        "eng",
        pattern=r"^[A-Za-z_]+(\+[A-Za-z_]+)*$",
        description="Languages that Tesseract looks for, with plus signs between.",
    )
    dpi: int = Field(300, ge=72, le=600, description="Dots per inch at which pages are drawn.")
    pixels: int = Field(40_000_000, description="Most pixels of a drawn page; larger ones shrink.")
    seconds_per_page: float = Field(120.0, description="Seconds that one page may take.")
    seconds_most: float = Field(
        3600.0, description="Seconds for all pages of a document; later pages stay unread."
    )


class EncoderSettings(BaseModel):
    """Which sentence encoder turns passages into vectors, and how it runs."""

    model: str = Field(
        "",
        description="Folder of a sentence-transformers model; empty for the packaged default.",
    )
    backend: Literal["auto", "openvino", "torch"] = Field(
        "auto", description="What runs the model; auto takes openvino where it is installed."
    )
    batch_size: int = Field(32, ge=1, description="Passages encoded at a time.")


class Settings(BaseSettings):
    """All settings of the library."""

    model_config = SettingsConfigDict(env_prefix="LHS_", env_nested_delimiter="__", extra="ignore")

    limits: ReadingLimits = Field(default_factory=ReadingLimits)
    ocr: OcrSettings = Field(default_factory=OcrSettings)
    encoder: EncoderSettings = Field(default_factory=EncoderSettings)
    readers: int = Field(2, ge=1, description="Processes that read documents side by side.")
    cache: Path = Field(
        Path.home() / ".cache" / "lhs-evidence",
        description="Where converted models are kept; safe to delete.",
    )
    classifier: Path | None = Field(
        None, description="Folder of trained heads; empty for the packaged ones."
    )
