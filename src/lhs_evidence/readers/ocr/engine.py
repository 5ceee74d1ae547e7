"""Tesseract, run once for each page: a picture goes in through a pipe, words with places come out.

It is a program of its own, so that a picture that stalls or crashes it costs one page. It runs
under the limits of the reading process that starts it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from functools import lru_cache

_PROGRAM = "tesseract"
_SECONDS_TO_ANSWER = 20.0
_AUTOMATIC = "3"
_AUTOMATIC_WITH_ORIENTATION = "1"


class RecognitionError(Exception):
    """Tesseract did not read a page; the message says why, for people."""


@dataclass(frozen=True, slots=True)
class Tesseract:
    """The program, with the languages to look for and the time one run may take."""

    program: str
    languages: str
    seconds: float

    def recognise(
        self, picture: bytes, *, dpi: int = 0, page: int = 0, turned: bool = False
    ) -> bytes:
        """Return the words of one page of a picture as hOCR.

        Args:
            picture: A file's content: PNM, PNG, JPEG or TIFF.
            dpi: Dots per inch, where the picture does not say itself.
            page: Which page of a TIFF, from 0.
            turned: Look for text that stands on its side or head as well.

        Raises:
            RecognitionError: It was too slow, crashed or refused the picture.
        """
        command = [self.program, "stdin", "stdout", "-l", self.languages]
        command += ["--psm", _AUTOMATIC_WITH_ORIENTATION if turned else _AUTOMATIC]
        if dpi:
            command += ["--dpi", str(dpi)]
        command += ["-c", f"tessedit_page_number={page}", "hocr"]
        try:
            done = subprocess.run(
                command,
                input=picture,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(),
                timeout=self.seconds,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise RecognitionError(f"stopped after {self.seconds:.0f} seconds") from error
        except OSError as error:
            raise RecognitionError(f"Tesseract could not be started: {error.strerror}") from error
        if done.returncode < 0:
            raise RecognitionError(f"Tesseract crashed (signal {-done.returncode})")
        if done.returncode:
            raise RecognitionError(f"Tesseract gave up (exit status {done.returncode})")
        return done.stdout


def is_installed() -> bool:
    """Say whether there is a Tesseract on the path."""
    return shutil.which(_PROGRAM) is not None


def find_tesseract(languages: str, seconds: float) -> Tesseract | str:
    """Return the program ready to use, or the reason why there is none, with advice."""
    program = shutil.which(_PROGRAM)
    if program is None:
        return "text recognition (OCR) needs Tesseract, which is not installed (tesseract-ocr)"
    known = _languages(program)
    missing = [name for name in languages.split("+") if name not in known]
    if missing:
        packages = ", ".join(f"tesseract-ocr-{name.replace('_', '-')}" for name in missing)
        return f"Tesseract lacks the language data {', '.join(missing)} ({packages})"
    return Tesseract(program, languages, seconds)


@lru_cache(maxsize=4)
def _languages(program: str) -> frozenset[str]:
    """Return the languages that a program has data for; none where it does not even say that."""
    try:
        listed = subprocess.run(
            [program, "--list-langs"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=_environment(),
            timeout=_SECONDS_TO_ANSWER,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return frozenset()
    # Older versions list them on the other stream.
    lines = (listed.stdout + listed.stderr).decode("utf-8", "replace").splitlines()
    return frozenset(line.strip() for line in lines)


def _environment() -> dict[str, str]:
    """Return the environment with one thread: more of them only get in each other's way."""
    return {**os.environ, "OMP_THREAD_LIMIT": "1"}
