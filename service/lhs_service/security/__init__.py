"""What stands between a request and the routes, one guard a file."""

from lhs_service.security.body_size import BodySizeLimit
from lhs_service.security.cross_site import SameOriginWrites
from lhs_service.security.headers import SecurityHeaders
from lhs_service.security.host import LoopbackHost, is_loopback

__all__ = ["BodySizeLimit", "LoopbackHost", "SameOriginWrites", "SecurityHeaders", "is_loopback"]
