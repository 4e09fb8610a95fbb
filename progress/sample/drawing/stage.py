"""The canvas that scenes are drawn on, and how a clip's scenes become frames and captions."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 960, 540  # in the points that scenes are drawn in
PICTURE = (768, 432)
FRAMES_PER_SECOND = 12

Colour = tuple[int, int, int]
Point = tuple[float, float]

GROUND: Colour = (247, 249, 252)
INK: Colour = (14, 23, 38)
QUIET: Colour = (106, 119, 138)
BLUE: Colour = (39, 100, 184)
ORANGE: Colour = (201, 98, 16)
GREEN: Colour = (36, 118, 91)
PALE: Colour = (205, 217, 234)

_FINE = 2  # drawn larger and scaled down, for smooth edges


@dataclass(frozen=True)
class Scene:
    """Some seconds of a clip. `draw` is called with the stage and the seconds since the scene began.

    The captions in `said` share the scene's time equally.
    """

    seconds: float
    draw: Callable[["Stage", float], None]
    said: tuple[str, ...]


@dataclass(frozen=True)
class Clip:
    name: str
    scenes: tuple[Scene, ...]


class Stage:
    """A picture of 960 × 540 points, counted from the top left corner."""

    def __init__(self) -> None:
        self._image = Image.new("RGB", (WIDTH * _FINE, HEIGHT * _FINE), GROUND)
        self._pen = ImageDraw.Draw(self._image)

    def write(self, at: Point, words: str, size: float = 30, colour: Colour = INK, anchor: str = "mm") -> None:
        font = ImageFont.load_default(size * _FINE)
        self._pen.text((at[0] * _FINE, at[1] * _FINE), words, colour, font, anchor)

    def line(self, points: list[Point], width: float = 3, colour: Colour = INK) -> None:
        fine = [(x * _FINE, y * _FINE) for x, y in points]
        self._pen.line(fine, colour, round(width * _FINE), joint="curve")

    def dot(self, at: Point, radius: float, colour: Colour) -> None:
        x, y = at
        self._pen.ellipse([(v * _FINE) for v in (x - radius, y - radius, x + radius, y + radius)], colour)

    def box(
        self, corner: Point, opposite: Point, fill: Colour | None, outline: Colour | None = None, radius: float = 6
    ) -> None:
        edges = [v * _FINE for v in (*corner, *opposite)]
        self._pen.rounded_rectangle(edges, radius * _FINE, fill, outline, 3 * _FINE)

    def picture(self) -> bytes:
        """Red, green and blue of each point, row by row."""
        return self._image.resize(PICTURE, Image.Resampling.LANCZOS).tobytes()


def fade(colour: Colour, opacity: float) -> Colour:
    """The colour at this opacity on the background."""
    r, g, b = (round(c * opacity + back * (1 - opacity)) for c, back in zip(colour, GROUND, strict=True))
    return r, g, b


def ease(seconds: float, begins: float, lasts: float) -> float:
    """From 0 to 1, gently, while the scene's time goes from `begins` on."""
    x = min(1.0, max(0.0, (seconds - begins) / lasts))
    return x * x * (3 - 2 * x)


def frames_of(clip: Clip) -> Iterator[bytes]:
    for scene in clip.scenes:
        for number in range(round(scene.seconds * FRAMES_PER_SECOND)):
            stage = Stage()
            scene.draw(stage, number / FRAMES_PER_SECOND)
            yield stage.picture()


def captions_of(clip: Clip) -> str:
    """The captions as WebVTT."""
    cues, begins = [], 0.0
    for scene in clip.scenes:
        lasts = scene.seconds / len(scene.said)
        for number, words in enumerate(scene.said):
            start = begins + number * lasts
            cues.append(f"{_clock(start)} --> {_clock(start + lasts - 0.1)}\n{words}\n")
        begins += scene.seconds
    return "\n".join(["WEBVTT\n", *cues])


def _clock(seconds: float) -> str:
    return f"{int(seconds // 60):02d}:{seconds % 60:06.3f}"
