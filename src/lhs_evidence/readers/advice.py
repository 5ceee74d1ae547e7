"""What a person can do about a file that cannot be read here, by the suffix of its kind."""

from __future__ import annotations

_CONVERTER = "is read through LibreOffice, which is not installed here. Install it, or save the"
_PICTURE = (
    "It is a picture, and no text recognition (OCR) is at hand here. Run OCR on it and hand over "
    "the PDF."
)
_ARCHIVE = "Unpack the archive and hand over the files in it."
_MAIL = "Save the message or its attachments as PDF and hand that over."
_DATA = "It holds data, not a document. Put what matters into a workbook (XLSX) or a document."
_SAVE_AS = "Save it as DOCX or PDF."
_ANYTHING_ELSE = (
    "This kind of file cannot be read. Hand over PDF, DOCX, XLSX, PPTX, HTML, Markdown or plain "
    "text."
)

# Kinds of text that are no prose: known by their names alone, since their content is text.
DATA_SUFFIXES = frozenset(
    [
        ".json",
        ".jsonl",
        ".xml",
        ".yaml",
        ".yml",
        ".toml",
        ".ini",
        ".log",
        ".sql",
        ".py",
        ".js",
        ".ts",
        ".css",
        ".sh",
        ".svg",
        ".ics",
        ".vcf",
    ]
)
_ADVICE = (
    {
        ".doc": f"Word's old format {_CONVERTER} file as DOCX or PDF.",
        ".xls": f"Excel's old format {_CONVERTER} file as XLSX.",
        ".ppt": f"PowerPoint's old format {_CONVERTER} file as PPTX or PDF.",
        ".rtf": f"RTF {_CONVERTER} file as DOCX or PDF.",
        ".odt": f"OpenDocument text {_CONVERTER} file as DOCX or PDF.",
        ".ods": f"An OpenDocument workbook {_CONVERTER} file as XLSX.",
        ".odp": f"An OpenDocument presentation {_CONVERTER} file as PPTX or PDF.",
        ".xlsb": "Excel's binary format cannot be read. Save it as XLSX and hand that over.",
        ".office-xml": f"An office document in one XML file cannot be read. {_SAVE_AS}",
        ".sxw": f"StarOffice's format cannot be read. {_SAVE_AS}",
        ".pages": f"Pages files cannot be read. {_SAVE_AS}",
        ".numbers": "Numbers files cannot be read. Save it as XLSX and hand that over.",
        ".key": "Keynote files cannot be read. Save it as PPTX or PDF and hand that over.",
        ".epub": "E-books cannot be read. Save it as PDF or HTML and hand that over.",
        ".one": f"OneNote files cannot be read. {_SAVE_AS}",
        ".msg": _MAIL,
        ".mbox": _MAIL,
        ".pst": _MAIL,
    }
    | dict.fromkeys([".zip", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".tar"], _ARCHIVE)
    | dict.fromkeys(DATA_SUFFIXES, _DATA)
    | dict.fromkeys(
        [".png", ".jpg", ".jpeg", ".gif", ".tif", ".tiff", ".bmp", ".webp", ".heic"], _PICTURE
    )
)


def advice_for(suffix: str) -> str:
    """Return what to do about a file with this suffix (with its dot, in lower case)."""
    return _ADVICE.get(suffix, _ANYTHING_ELSE)


def is_advised(suffix: str) -> bool:
    """Whether there is advice made for files with this suffix."""
    return suffix in _ADVICE
