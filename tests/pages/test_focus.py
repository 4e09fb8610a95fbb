"""Where the keyboard is can be seen: a ring of 3 : 1 around whatever has the focus, on every page, in both themes."""

import io
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page

from tests.contrast import contrast
from tests.pages.conftest import SignedIn
from tests.pages.screen import open_page
from tests.pages.steps import choose, press, wait
from tests.pages.tabs import DESKTOP, HEIGHT
from tests.pages.test_theme import surfaces

RING = (0x3F, 0x7A, 0xC9)
PAGES = [
    ("student", "/my_courses"),
    ("student", "/my_course"),
    ("parent", "/child_progress"),
    ("teacher", "/my_classes"),
    ("admin", "/people"),
    ("admin", "/completion_rule"),
    ("admin", "/import_data"),
    ("admin", "/access_tokens"),
]
# What has the focus, or the whole field around it that shows the ring in its place, and its box where it comes to rest.
_FOCUSED = """async () => {
    const look = () => {
        const focused = document.activeElement;
        if (!focused || focused === document.body) return null;
        const shown = focused.closest('[data-testid=stDataFrameResizable]')
            || focused.closest('[data-focus-visible=true]:has(input)') || focused;
        const {x, y, width, height} = shown.getBoundingClientRect();
        return {what: shown.outerHTML.slice(0, 160), x, y, width, height};
    };
    const aMoment = () => new Promise((over) => requestAnimationFrame(() => setTimeout(over, 25)));
    for (let before = null, focused = look(); ; before = focused, focused = look()) {
        if (JSON.stringify(focused) === JSON.stringify(before)) return focused;
        await aMoment();
    }
}"""
_MOST_STOPS = 80


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_ring_stands_out_from_every_ground(mode: str) -> None:
    assert all(contrast("#3f7ac9", ground) >= 3 for ground in surfaces(mode))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("username", "path"), PAGES)
def test_whatever_the_tab_key_reaches_has_a_ring(username: str, path: str, scheme: str, signed_in: SignedIn) -> None:
    page = signed_in(username, scheme=scheme)
    open_page(page, path)
    assert without_ring(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("way", ["One learner", "Whole class"])
def test_whatever_the_tab_key_reaches_while_recording_has_a_ring(way: str, scheme: str, signed_in: SignedIn) -> None:
    page = signed_in("teacher", scheme=scheme)
    open_page(page, "/record_progress")
    choose(page, "Module", "Tables, units and significant figures")
    page.get_by_text(way).click()
    wait(page)
    assert without_ring(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_whatever_the_tab_key_reaches_in_a_dialog_has_a_ring(scheme: str, signed_in: SignedIn) -> None:
    page = signed_in("admin", scheme=scheme)
    open_page(page, "/person?person=1")
    press(page, "Close the account…")
    assert without_ring(page) == []


def without_ring(page: Page) -> list[str]:
    """What the tab key reaches from here on and on which no ring is seen, once around."""
    seen: set[tuple[Any, ...]] = set()
    missing: list[str] = []
    for _ in range(_MOST_STOPS):
        page.keyboard.press("Tab")
        focused = _focused(page)
        place = focused and (focused["what"], round(focused["x"]))
        if place in seen:
            break
        seen.add(place)
        if focused and not _is_soon_ringed(page, focused):
            missing.append(focused["what"])
    assert len(seen) > 1
    return missing


def _focused(page: Page) -> dict[str, Any] | None:
    """What has the focus, once the page has scrolled to it."""
    focused = page.evaluate(_FOCUSED)
    return dict(focused) if focused else None


def _is_soon_ringed(page: Page, focused: dict[str, Any]) -> bool:
    """Whether the ring is there, or has been drawn half a second later."""
    if _is_ringed(page, focused):
        return True
    page.wait_for_timeout(500)
    return _is_ringed(page, _focused(page) or focused)


def _is_ringed(page: Page, focused: dict[str, float]) -> bool:
    """Whether there is as much of the ring's blue as half of a ring two pixels wide would have."""
    left, top = max(0, focused["x"] - 6), max(0, focused["y"] - 6)
    right = min(DESKTOP, focused["x"] + focused["width"] + 6)
    bottom = min(HEIGHT, focused["y"] + focused["height"] + 6)
    if right <= left or bottom <= top:
        return False
    around = {"x": left, "y": top, "width": right - left, "height": bottom - top}
    picture = Image.open(io.BytesIO(page.screenshot(clip=around))).convert("RGB")
    colours = picture.getcolors(1 << 24) or []
    ringed = sum(count for count, colour in colours if _is_near(colour))
    return ringed >= (right - left) + (bottom - top)


def _is_near(colour: Any) -> bool:
    return all(abs(part - wanted) <= 3 for part, wanted in zip(colour, RING, strict=True))
