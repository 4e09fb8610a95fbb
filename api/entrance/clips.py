"""`/clips/…`: the sample school's videos and captions, in the parts that a player asks for, behind the gate."""

from typing import Any

from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from progress.sample.school import CLIPS

# Long enough to go to and fro in a video without loading it again, short enough to see a new one tomorrow.
_KEEPING = "private, max-age=86400"


class _Clips(StaticFiles):
    def file_response(self, *file: Any, **status: Any) -> Response:
        answer = super().file_response(*file, **status)
        answer.headers["Cache-Control"] = _KEEPING
        return answer


CLIP_ROUTES = Mount("/clips", app=_Clips(directory=CLIPS))
