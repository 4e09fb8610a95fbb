"""`/clips/…`: the sample school's videos and captions, in the parts that a player asks for, behind the gate."""

from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from progress.sample import CLIPS

# Long enough to go to and fro in a video without loading it again, short enough to see a new one tomorrow.
_KEEPING = "private, max-age=86400"


class _Clips(StaticFiles):
    async def get_response(self, path: str, scope: Scope) -> Response:
        answer = await super().get_response(path, scope)
        answer.headers["Cache-Control"] = _KEEPING
        return answer


CLIP_ROUTES = Mount("/clips", app=_Clips(directory=CLIPS))
