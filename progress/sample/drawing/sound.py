"""The clip for the lecture "Sound as a wave": air in front of a loudspeaker, and its pressure as a curve."""

from math import cos, pi, sin
from random import Random

from progress.sample.drawing.stage import (
    BLUE,
    GREEN,
    HEIGHT,
    INK,
    ORANGE,
    PALE,
    QUIET,
    WIDTH,
    Clip,
    Point,
    Scene,
    Stage,
    ease,
    fade,
)

_LEFT, _RIGHT, _TOP, _BOTTOM = 170, 900, 120, 300
_WAVE_LENGTH = 240.0
_dice = Random("air")
_PER_SECOND = 0.8
_AIR: list[tuple[float, list[Point]]] = [  # columns of particles that swing together
    (x, [(x + _dice.randint(-7, 7), _TOP + 24 + row * 44 + _dice.randint(-11, 11)) for row in range(4)])
    for x in range(_LEFT + 24, _RIGHT - 20, 24)
]
_ONE = (_LEFT + 260.0, (_TOP + _BOTTOM) / 2)  # the particle to watch


def _swing(x: float, seconds: float, reach: float, per_second: float, length: float = _WAVE_LENGTH) -> float:
    """How far the air at x is away from its place."""
    return reach * sin(2 * pi * (per_second * seconds - (x - _LEFT) / length))


def _show_air(
    stage: Stage, seconds: float, reach: float = 26, per_second: float = _PER_SECOND, length: float = _WAVE_LENGTH
) -> None:
    cone = _LEFT - 34 + _swing(_LEFT, seconds, reach * 0.7, per_second)
    stage.box((70, _TOP + 10), (112, _BOTTOM - 10), INK)
    stage.line([(112, 210), (cone, _TOP + 24)], 5, QUIET)
    stage.line([(112, 210), (cone, _BOTTOM - 24)], 5, QUIET)
    stage.line([(cone, _TOP + 20), (cone, _BOTTOM - 20)], 8, INK)
    for place, column in _AIR:
        moved = round(_swing(place, seconds, reach, per_second, length))
        for x, y in column:
            stage.dot((x + moved, y), 5, BLUE)


def _show_curve(
    stage: Stage, seconds: float, strength: float, per_second: float = _PER_SECOND, length: float = 240.0
) -> None:
    """The pressure: high where the particles crowd together, which is where the swing falls from left to right."""
    middle = 410
    stage.line([(_LEFT, middle), (_RIGHT, middle)], 2, QUIET)
    curve = [
        (x, middle - strength * cos(2 * pi * (per_second * seconds - (x - _LEFT) / length)))
        for x in range(_LEFT, _RIGHT + 1, 4)
    ]
    stage.line([(float(x), y) for x, y in curve], 5, ORANGE)


def _heading(stage: Stage, words: str) -> None:
    stage.write((WIDTH / 2, 60), words, 36)


def _title(stage: Stage, seconds: float) -> None:
    shown = ease(seconds, 0.2, 1)
    wave = [(float(x), 350 + 46 * sin(x / 48 - 2 * seconds) * sin(pi * x / WIDTH)) for x in range(0, WIDTH + 1, 6)]
    stage.line(wave, 6, fade(BLUE, shown))
    stage.write((WIDTH / 2, 200), "Sound as a wave", 64, fade(INK, shown))
    stage.write((WIDTH / 2, 262), "What moves when we hear something?", 30, fade(QUIET, ease(seconds, 1.5, 1)))


def _to_and_fro(stage: Stage, seconds: float) -> None:
    _heading(stage, "The loudspeaker pushes the air")
    _show_air(stage, seconds)
    x, y = _ONE
    shown = ease(seconds, 7, 1.5)
    if shown:
        stage.line([(x - 26, _BOTTOM + 34), (x + 26, _BOTTOM + 34)], 4, fade(ORANGE, shown))
        stage.dot((x + _swing(x, seconds, 26, _PER_SECOND), y), 10, fade(ORANGE, shown))
        stage.write((x, _BOTTOM + 72), "this particle only swings to and fro", 26, fade(ORANGE, shown))
    if ease(seconds, 14, 1):
        stage.write((WIDTH / 2, 450), "The wave travels. The air stays.", 32, fade(GREEN, ease(seconds, 14, 1)))


def _pressure(stage: Stage, seconds: float) -> None:
    _heading(stage, "Crowded, thin, crowded, thin")
    _show_air(stage, seconds)
    _show_curve(stage, seconds, 58 * ease(seconds, 1, 2))
    stage.write((_LEFT - 16, 370), "high", 22, QUIET, "rm")
    stage.write((_LEFT - 16, 410), "pressure", 22, INK, "rm")
    stage.write((_LEFT - 16, 450), "low", 22, QUIET, "rm")
    shown = ease(seconds, 6, 1)
    stage.write((WIDTH / 2, 508), "top of the curve: compression · bottom: rarefaction", 26, fade(ORANGE, shown))


def _louder(stage: Stage, seconds: float) -> None:
    loudness = 0.35 + 0.65 * (ease(seconds, 2, 3) - ease(seconds, 8, 3) * 0.8)
    _heading(stage, "Louder: the air swings further")
    _show_air(stage, seconds, 30 * loudness)
    _show_curve(stage, seconds, 64 * loudness)
    stage.write((WIDTH / 2, 508), "The height of the curve is the amplitude.", 26, ORANGE)


def _higher(stage: Stage, seconds: float) -> None:
    is_high = seconds > 6
    per_second, length = (2 * _PER_SECOND, _WAVE_LENGTH / 2) if is_high else (_PER_SECOND, _WAVE_LENGTH)
    _heading(stage, "Higher: the air swings more often")
    _show_air(stage, seconds, 13 if is_high else 26, per_second, length)
    _show_curve(stage, seconds, 50, per_second, length)
    words = "high note: twice as many waves in the same time" if is_high else "low note: few waves"
    stage.write((WIDTH / 2, 508), words, 26, ORANGE)


def _in_short(stage: Stage, seconds: float) -> None:
    _heading(stage, "In short")
    for number, words in enumerate(("Sound is air that swings to and fro.", "Further: louder.", "More often: higher.")):
        shown = ease(seconds, 0.5 + 1.6 * number, 0.8)
        stage.dot((250, 180 + 90 * number), 12, fade((BLUE, ORANGE, GREEN)[number], shown))
        stage.write((290, 180 + 90 * number), words, 36, fade(INK, shown), "lm")
    stage.line([(0.0, HEIGHT - 40), (float(WIDTH), HEIGHT - 40)], 3, PALE)


SOUND_AS_A_WAVE = Clip(
    "sound-as-a-wave",
    (
        Scene(6, _title, ("Sound as a wave: what moves when we hear something?",)),
        Scene(
            20,
            _to_and_fro,
            (
                "A loudspeaker pushes the air in front of it and pulls it back.",
                "Follow one particle: it only swings to and fro around its place.",
                "What travels to our ear is the wave. The air itself stays.",
            ),
        ),
        Scene(
            18,
            _pressure,
            (
                "Where the particles crowd together, the pressure is high: a compression.",
                "Where they are thin, it is low: a rarefaction. The curve shows the pressure.",
            ),
        ),
        Scene(
            13,
            _louder,
            (
                "For a louder sound, the air swings further to and fro.",
                "The curve gets higher: its height is the amplitude.",
            ),
        ),
        Scene(12, _higher, ("A low note: few waves in a second.", "A high note: many. That is the frequency.")),
        Scene(7, _in_short, ("Sound is air that swings. Further is louder, more often is higher.",)),
    ),
)
