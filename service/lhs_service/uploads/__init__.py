"""Files on their way in: received as a stream, counted, and given names that are safe to keep."""

from lhs_service.uploads.names import safe_name, unique_names
from lhs_service.uploads.receive import Upload, receive_upload

__all__ = ["Upload", "receive_upload", "safe_name", "unique_names"]
