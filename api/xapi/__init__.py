"""`/xapi`: the door for programs that speak xAPI 1.0.3. What statements mean is `progress.xapi`'s matter."""

from api.xapi.application import XAPI_ROUTES

__all__ = ["XAPI_ROUTES"]
