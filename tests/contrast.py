"""How well one colour stands out against another, as WCAG 2.2 defines it."""


def contrast(one: str, other: str) -> float:
    """The ratio of two `#rrggbb` colours, 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def blend(front: str, back: str, opacity: float) -> str:
    """What is seen where `front` lies on `back` with this opacity."""
    mixed = (round(f * opacity + b * (1 - opacity)) for f, b in zip(_parts(front), _parts(back), strict=True))
    return "#" + "".join(f"{part:02x}" for part in mixed)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _parts(colour: str) -> list[int]:
    return [int(colour[start : start + 2], 16) for start in (1, 3, 5)]
