"""The clip for the lecture "Equivalent fractions": the same place on the number line under many names."""

from progress.sample.drawing.stage import (
    BLUE,
    GREEN,
    INK,
    ORANGE,
    PALE,
    QUIET,
    WIDTH,
    Clip,
    Colour,
    Scene,
    Stage,
    ease,
    fade,
)

_LEFT, _LONG = 130.0, 700.0


def _heading(stage: Stage, words: str, opacity: float = 1) -> None:
    stage.write((WIDTH / 2, 64), words, 38, fade(INK, opacity))


def _write_fraction(stage: Stage, x: float, y: float, top: int, bottom: int, size: float, colour: Colour) -> None:
    half = size * 0.36 * max(len(str(top)), len(str(bottom)))
    stage.write((x, y - size * 0.62), str(top), size, colour)
    stage.line([(x - half, y), (x + half, y)], size / 11, colour)
    stage.write((x, y + size * 0.62), str(bottom), size, colour)


def _show_number_line(stage: Stage, y: float, parts: int, marked: int, colour: Colour, opacity: float = 1) -> None:
    """From 0 to 1, cut into equal parts, with a fraction marked on it."""
    stage.line([(_LEFT, y), (_LEFT + _LONG, y)], 5, fade(INK, opacity))
    for number in range(parts + 1):
        x = _LEFT + _LONG * number / parts
        stage.line([(x, y - 14), (x, y + 14)], 4, fade(INK, opacity))
    stage.write((_LEFT, y + 40), "0", 28, fade(QUIET, opacity))
    stage.write((_LEFT + _LONG, y + 40), "1", 28, fade(QUIET, opacity))
    at = _LEFT + _LONG * marked / parts
    stage.dot((at, y), 13, fade(colour, opacity))
    _write_fraction(stage, at + 36, y - 58, marked, parts, 38, fade(colour, opacity))


def _show_bar(stage: Stage, y: float, parts: int, filled: int, colour: Colour, opacity: float = 1) -> None:
    """A bar of equal parts, some of them filled, with its fraction next to it."""
    for number in range(parts):
        left, right = (_LEFT + _LONG * n / parts for n in (number, number + 1))
        fill = colour if number < filled else PALE
        stage.box((left + 2, y - 34), (right - 2, y + 34), fade(fill, opacity))
    _write_fraction(stage, _LEFT + _LONG + 62, y, filled, parts, 34, fade(colour, opacity))


def _title(stage: Stage, seconds: float) -> None:
    stage.write((WIDTH / 2, 170), "Equivalent fractions", 64, fade(INK, ease(seconds, 0.2, 1)))
    stage.write((WIDTH / 2, 236), "One number, many names", 32, fade(QUIET, ease(seconds, 1.2, 1)))
    for number, (top, bottom) in enumerate(((1, 2), (2, 4), (3, 6), (4, 8))):
        shown = fade((BLUE, ORANGE, GREEN, BLUE)[number], ease(seconds, 2 + 0.6 * number, 0.6))
        _write_fraction(stage, 270 + 140 * number, 380, top, bottom, 50, shown)


def _one_half(stage: Stage, seconds: float) -> None:
    _heading(stage, "Half way from 0 to 1")
    _show_number_line(stage, 260, 2, 1, BLUE)
    walked = ease(seconds, 1, 3)
    stage.line([(_LEFT, 330), (_LEFT + _LONG / 2 * walked, 330)], 8, BLUE)
    if seconds > 5:
        words = "2 equal parts, and we take 1 of them"
        stage.write((WIDTH / 2, 420), words, 32, fade(BLUE, ease(seconds, 5, 1)))


def _same_place(stage: Stage, seconds: float) -> None:
    _heading(stage, "Cut finer: the place stays")
    _show_number_line(stage, 200, 2, 1, BLUE)
    _show_number_line(stage, 340, 4, 2, ORANGE, ease(seconds, 3, 1.5))
    _show_number_line(stage, 480, 6, 3, GREEN, ease(seconds, 8, 1.5))
    middle = _LEFT + _LONG / 2
    stage.line([(middle, 214), (middle, 214 + 252 * ease(seconds, 11, 3))], 2, QUIET)


def _times_the_same(stage: Stage, seconds: float) -> None:
    _heading(stage, "Top and bottom times the same number")
    _write_fraction(stage, 250, 280, 1, 2, 96, BLUE)
    factor, top, bottom, colour = (2, 2, 4, ORANGE) if seconds < 8 else (3, 3, 6, GREEN)
    since = seconds if seconds < 8 else seconds - 8
    shown = fade(colour, ease(since, 1.5, 1))
    for y in (180, 380):
        stage.line([(340, y), (560, y)], 4, shown)
        stage.line([(544, y - 10), (562, y), (544, y + 10)], 4, shown)
        stage.write((450, y - 26), f"times {factor}", 32, shown)
    stage.write((450, 280), "=", 64, fade(INK, ease(since, 3, 1)))
    _write_fraction(stage, 680, 280, top, bottom, 96, fade(colour, ease(since, 3, 1)))


def _two_thirds(stage: Stage, seconds: float) -> None:
    _heading(stage, "Two thirds, cut again and again")
    _show_bar(stage, 170, 3, 2, BLUE)
    _show_bar(stage, 290, 6, 4, ORANGE, ease(seconds, 3, 1.2))
    _show_bar(stage, 410, 12, 8, GREEN, ease(seconds, 7, 1.2))


def _your_turn(stage: Stage, seconds: float) -> None:
    _heading(stage, "Your turn: how many eighths are three quarters?")
    _show_bar(stage, 190, 4, 3, BLUE)
    if seconds < 6:
        stage.write((WIDTH / 2, 340), "?", 90, ORANGE)
        stage.box((_LEFT, 470), (_LEFT + _LONG * (1 - seconds / 6) + 1, 482), ORANGE, radius=0)
    else:
        _show_bar(stage, 340, 8, 6, ORANGE, ease(seconds, 6, 1))


def _in_short(stage: Stage, seconds: float) -> None:
    _heading(stage, "In short")
    lines = (
        "Equivalent fractions are the same number.",
        "Multiply top and bottom by the same number,",
        "and the place stays.",
    )
    for number, words in enumerate(lines):
        stage.write((WIDTH / 2, 200 + 80 * number), words, 36, fade(INK, ease(seconds, 0.5 + 1.4 * number, 0.8)))


EQUIVALENT_FRACTIONS = Clip(
    "equivalent-fractions",
    (
        Scene(6, _title, ("Equivalent fractions: one number can have many names.",)),
        Scene(
            10,
            _one_half,
            ("Half way from zero to one is a half.", "The line has two equal parts, and we take one of them."),
        ),
        Scene(
            16,
            _same_place,
            (
                "Cut each part in two: now there are four, and we take two. Two quarters.",
                "Cut it into six: three sixths. It is the same place every time.",
            ),
        ),
        Scene(
            15,
            _times_the_same,
            ("One half: top and bottom times two is two quarters.", "Top and bottom times three is three sixths."),
        ),
        Scene(
            12,
            _two_thirds,
            ("Two thirds of a bar are four sixths of it,", "and eight twelfths. As much is filled as before."),
        ),
        Scene(
            12,
            _your_turn,
            ("Your turn: how many eighths are three quarters?", "Six eighths: top and bottom times two."),
        ),
        Scene(6, _in_short, ("Multiply top and bottom by the same number, and the place stays.",)),
    ),
)
