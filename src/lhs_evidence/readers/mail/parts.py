"""The parts of an e-mail, sorted: what is its text, and what came with it.

Mails are rarely built by the book. Every header is read with care, since the standard library
raises a dozen kinds of error on broken ones, and none of them makes the text unreadable.
"""

from __future__ import annotations

import base64
import mimetypes
from binascii import Error as Base64Error
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from pathlib import PurePosixPath

from lhs_evidence.errors import UnreadableError
from lhs_evidence.model import DocumentStatus
from lhs_evidence.readers.sanitise import one_line

_DEEPEST = 50
# Parts that say who sent a message, or when to meet, in words for machines.
_SIGNATURES = frozenset(
    [
        "application/pgp-encrypted",
        "application/pgp-signature",
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
    ]
)
_SEALED = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_FORWARDED = frozenset({"message/rfc822", "message/global", "message/news"})
_LONGEST_NAME = 150


@dataclass(slots=True)
class Body:
    """One stretch of a mail's text, plain, as a web page or as both; each may be in pieces."""

    plain: list[Message] = field(default_factory=list)
    html: list[Message] = field(default_factory=list)


@dataclass(slots=True)
class MailParts:
    """A mail's text, the parts that are documents of their own, and how many pictures it shows."""

    bodies: list[Body] = field(default_factory=list)
    attachments: list[Message] = field(default_factory=list)
    pictures: int = 0


def parse_mail(data: bytes) -> Message:
    """Return the message in `data`; its faults are left to whoever reads the parts.

    Raises:
        UnreadableError: Its parts lie in one another beyond reason.
    """
    try:
        return message_from_bytes(data, policy=policy.default)
    except RecursionError:
        raise _nested() from None


def sort_parts(message: Message) -> MailParts:
    """Return the parts of a message in order.

    Raises:
        UnreadableError: `rejected` for parts nested beyond reason, `needs_password` for a message
            that is encrypted.
    """
    found = MailParts()
    _sort(message, found, depth=0, related=False)
    return found


def header(message: Message, name: str) -> str:
    """Return a header field as one clean line, empty where there is none."""
    try:
        return one_line(str(message.get(name, "")))
    # The parser of structured fields raises whatever its helpers do.
    except Exception:  # noqa: BLE001
        raw = next((str(value) for key, value in message.raw_items() if key.lower() == name), "")
    try:
        return one_line(str(make_header(decode_header(raw))))
    except (LookupError, ValueError, MessageError):
        return one_line(raw)


def content_of(part: Message) -> bytes:
    """Return the bytes of a part as its sender had them.

    Raises:
        UnreadableError: `failed`, where a message in it cannot be put together again.
    """
    if not part.is_multipart():
        payload = part.get_payload(decode=True)
        return payload if isinstance(payload, bytes) else b""
    inner = part.get_payload(0)
    if isinstance(inner, Message) and not inner.keys() and _encoding_of(part) == "base64":
        # Against the standard, and done all the same.
        try:
            return base64.b64decode(str(inner.get_payload()))
        except (Base64Error, ValueError):
            pass
    try:
        return inner.as_bytes() if isinstance(inner, Message) else str(inner).encode()
    # The generator raises whatever the headers it writes anew make it raise.
    except Exception as error:
        raise UnreadableError(
            DocumentStatus.FAILED, "The message is too damaged to be taken out."
        ) from error


def name_of(part: Message, number: int) -> str:
    """Return a name for a part that came with a mail: its own, else one made up."""
    name = _file_name(part)
    if not name and part.get_content_type() in _FORWARDED:
        inner = part.get_payload(0) if part.is_multipart() else None
        subject = header(inner, "subject") if isinstance(inner, Message) else ""
        name = f"{subject or f'message {number}'}.eml".replace("/", "_").replace("\\", "_")
    if not name:
        name = f"part {number}{mimetypes.guess_extension(part.get_content_type()) or ''}"
    stem, dot, suffix = name.rpartition(".")
    if dot and len(suffix) <= 10:
        return f"{stem[:_LONGEST_NAME]}.{suffix}"
    return name[:_LONGEST_NAME]


def charset_of(part: Message) -> str:
    """Return the charset a part claims, empty where it claims none."""
    try:
        return part.get_content_charset() or ""
    except (LookupError, ValueError, TypeError, MessageError):
        return ""


def _sort(part: Message, found: MailParts, *, depth: int, related: bool) -> None:
    if depth > _DEEPEST:
        raise _nested()
    kind = part.get_content_type()
    if kind == "multipart/encrypted" or (kind in _SEALED and "signed" not in _seal_of(part)):
        raise UnreadableError(
            DocumentStatus.NEEDS_PASSWORD,
            "The message is encrypted. Save it without encryption and hand that over.",
        )
    if kind == "multipart/alternative":
        _sort_alternatives(part, found, depth)
    elif part.get_content_maintype() == "multipart" and part.is_multipart():
        for inner in _parts(part):
            _sort(inner, found, depth=depth + 1, related=kind == "multipart/related")
    elif kind in _SIGNATURES:
        return
    elif part.get_content_maintype() == "image" and (related or not _file_name(part)):
        found.pictures += 1
    elif part.get_content_maintype() == "text" and not _is_attached(part):
        found.bodies.append(Body(html=[part]) if kind == "text/html" else Body(plain=[part]))
    else:
        found.attachments.append(part)


def _sort_alternatives(part: Message, found: MailParts, depth: int) -> None:
    """Take up one text in several forms; what is attached to any of them counts."""
    whole = Body()
    for inner in _parts(part):
        if inner.get_content_type() == "text/calendar":
            continue
        option = MailParts()
        _sort(inner, option, depth=depth + 1, related=False)
        found.attachments += option.attachments
        found.pictures += option.pictures
        # Some programs cut a page in pieces where a picture stands.
        whole.plain = whole.plain or [piece for body in option.bodies for piece in body.plain]
        whole.html = whole.html or [piece for body in option.bodies for piece in body.html]
    if whole.plain or whole.html:
        found.bodies.append(whole)


def _parts(part: Message) -> Iterator[Message]:
    payload = part.get_payload()
    if isinstance(payload, list):
        yield from (inner for inner in payload if isinstance(inner, Message))


def _is_attached(part: Message) -> bool:
    try:
        attached = part.get_content_disposition() == "attachment"
    except (LookupError, ValueError, TypeError, MessageError, AttributeError):
        attached = "attachment" in header(part, "content-disposition").lower()
    return attached or bool(_file_name(part))


def _file_name(part: Message) -> str:
    """Return the last part of the name a part was sent under."""
    try:
        name = part.get_filename() or ""
    # Names in several pieces and charsets break the parser in as many ways.
    except Exception:  # noqa: BLE001
        name = "unnamed"
    return PurePosixPath(one_line(name).replace("\\", "/")).name


def _encoding_of(part: Message) -> str:
    return header(part, "content-transfer-encoding").lower()


def _seal_of(part: Message) -> str:
    try:
        return str(part.get_param("smime-type") or "").lower()
    except (LookupError, ValueError, TypeError, MessageError):
        return ""


def _nested() -> UnreadableError:
    return UnreadableError(
        DocumentStatus.REJECTED, "The parts of the message lie too deep in one another."
    )
