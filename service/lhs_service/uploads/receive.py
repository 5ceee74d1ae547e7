"""A multipart form, read as it arrives: each file goes straight to its folder and is counted.

Not with the framework's own form reader: that writes everything to temporary files before any
limit on a single file can be looked at, and it refuses file names of a few thousand characters.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import anyio
from anyio.to_thread import run_sync
from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from lhs_service.settings import ServiceSettings

_FIELD_BYTES = 8 * 1024
_FIELDS = 20
_HEADER_BYTES = 64 * 1024


@dataclass(slots=True)
class ReceivedFile:
    """One file: what it was called, and where its bytes lie."""

    original: str
    path: Path
    size: int = 0


@dataclass(slots=True)
class Upload:
    """Everything a form held."""

    files: list[ReceivedFile] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)


async def receive_upload(request: Request, folder: Path, settings: ServiceSettings) -> Upload:
    """Read a form into a folder; whoever lends the folder removes it when this raises.

    Raises:
        HTTPException: 415 for another kind of body, 400 for a malformed one, 413 over a limit,
            408 when the client stalls.
        OSError: The folder cannot be written.
    """
    kind, options = parse_options_header(request.headers.get("content-type"))
    if kind != b"multipart/form-data" or not options.get(b"boundary"):
        raise HTTPException(415, "Send files as multipart/form-data.")
    form = _Form(folder, settings)
    try:
        parser = MultipartParser(
            options[b"boundary"],
            {
                "on_part_begin": form.on_part_begin,
                "on_header_field": form.on_header_field,
                "on_header_value": form.on_header_value,
                "on_header_end": form.on_header_end,
                "on_headers_finished": form.on_headers_finished,
                "on_part_data": form.on_part_data,
                "on_part_end": form.on_part_end,
                "on_end": form.on_end,
            },
            max_header_size=_HEADER_BYTES,
        )
        async for chunk in _chunks(request, settings.stall_seconds):
            # In a thread: the callbacks write files, and a slow disk must not hold up everybody.
            await run_sync(parser.write, chunk)
    except FormParserError as error:
        raise HTTPException(400, f"The form is malformed: {error}.") from error
    except ClientDisconnect as error:
        raise HTTPException(400, "The upload was broken off.") from error
    finally:
        form.close()
    if not form.complete:
        raise HTTPException(400, "The form ends before its end.")
    return form.upload


async def _chunks(request: Request, patience: float) -> AsyncIterator[bytes]:
    stream = request.stream()
    while True:
        try:
            with anyio.fail_after(patience):
                chunk = await anext(stream)
        except StopAsyncIteration:
            return
        except TimeoutError as error:
            raise HTTPException(
                408, "The upload stood still for too long.", {"Connection": "close"}
            ) from error
        if chunk:
            yield chunk


class _Form:
    """Callbacks of the parser; at any time one part is open, a file or a field."""

    def __init__(self, folder: Path, settings: ServiceSettings) -> None:
        self.upload = Upload()
        self.complete = False
        self._folder = folder
        self._settings = settings
        self._headers: dict[bytes, bytes] = {}
        self._header_name = b""
        self._header_value = b""
        self._name = ""
        self._text = bytearray()
        self._stream: BinaryIO | None = None
        self._parts = 0

    def close(self) -> None:
        """Close a file left open by a form that broke off."""
        if self._stream:
            self._stream.close()
            self._stream = None

    def on_part_begin(self) -> None:
        self._headers.clear()
        self._text.clear()
        self._parts += 1
        if self._parts > self._settings.files + _FIELDS:
            raise HTTPException(413, "The form has too many parts.")

    def on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._header_name += data[start:end]

    def on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._header_value += data[start:end]

    def on_header_end(self) -> None:
        self._headers[self._header_name.lower()] = self._header_value
        self._header_name = self._header_value = b""

    def on_headers_finished(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition"))
        self._name = options.get(b"name", b"").decode("utf-8", "replace")
        if b"filename" not in options:
            return
        if len(self.upload.files) >= self._settings.files:
            raise HTTPException(413, f"More than {self._settings.files:,} files in one upload.")
        # Numbered while they arrive: what a client calls a file never names a file here.
        path = self._folder / f"{len(self.upload.files):05}"
        self._stream = path.open("xb")
        original = options[b"filename"].decode("utf-8", "replace")
        self.upload.files.append(ReceivedFile(original, path))

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        if self._stream is None:
            if len(self._text) + end - start > _FIELD_BYTES:
                raise HTTPException(413, f"The field {self._name!r} is too long.")
            self._text += data[start:end]
            return
        file = self.upload.files[-1]
        file.size += end - start
        if file.size > self._settings.file_bytes:
            most = self._settings.file_bytes
            raise HTTPException(
                413, f"The file {file.original[:200]!r} is over the limit of {most:,} bytes."
            )
        self._stream.write(data[start:end])

    def on_part_end(self) -> None:
        if self._stream is None:
            self.upload.fields[self._name] = self._text.decode("utf-8", "replace")
            return
        self.close()
        file = self.upload.files[-1]
        if not file.original and not file.size:
            # What a browser sends for a file input that was left empty.
            file.path.unlink()
            self.upload.files.pop()

    def on_end(self) -> None:
        self.complete = True
