"""A position in a lecture as text, for pages and the API."""


def clock_text(seconds: float) -> str:
    """The position as the video player shows it: "0:41", "1:02:03"."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
