"""What a person can tell of a page in the browser: that it is there, that it is whole, that it can be read."""

import time
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, Page, expect

from tests.contrast import contrast

_DRAWN = """
    document.querySelector('[data-testid=stApp][data-test-script-state=notRunning]')
    && !document.querySelector('[data-stale=true], [data-testid=stSkeleton]')
    && [...document.querySelectorAll('[data-testid=stPlotlyChart]')].every(chart => chart.querySelector('.main-svg'))
"""


def open_page(page: Page, path: str) -> None:
    """Go there and wait until everything is drawn, without an error."""
    page.goto(path)
    settle(page)


def settle(page: Page) -> None:
    """Wait until the page has done what was asked of it; it must not have failed."""
    expect(page.locator("h1").first).to_be_visible()
    wait_for(page, _DRAWN)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)


def wait_for(page: Page, condition: str, arg: Any = None, seconds: float = 30) -> None:
    """Until the JavaScript is true. Playwright's own `wait_for_function` would have to break the page's policy."""
    give_up = time.monotonic() + seconds
    while not _holds(page, condition, arg):
        assert time.monotonic() < give_up, f"not within {seconds} seconds: {condition}"
        page.wait_for_timeout(50)


def _holds(page: Page, condition: str, arg: Any) -> bool:
    try:
        return bool(page.evaluate(condition, arg))
    except Error:  # the page is being left for another one
        return False


def words(page: Page) -> str:
    """Everything that the page's main part says."""
    return page.get_by_test_id("stMain").inner_text()


def barriers(page: Page) -> list[str]:
    """What axe finds wrong, as the rule and the element."""
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]


def fits_its_width(page: Page) -> None:
    """Nothing scrolls sideways, once charts have taken the width of a screen that has just changed."""
    wait_for(
        page,
        "[document.documentElement, document.querySelector('[data-testid=stMain]')]"
        ".every(part => part.scrollWidth <= part.clientWidth)",
        seconds=5,
    )


def faint_chart_texts(page: Page) -> list[str]:
    """Texts of charts whose colour stands out less than 4.5 : 1 against the page."""
    ground = _hex(page.evaluate("getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"))
    texts = page.evaluate(
        "[...document.querySelectorAll('.js-plotly-plot text')].filter(text => text.textContent.trim())"
        ".map(text => [text.textContent, getComputedStyle(text).fill])"
    )
    return [text for text, fill in texts if contrast(_hex(fill), ground) < 4.5]


def _hex(rgb: str) -> str:
    red, green, blue = (int(float(part)) for part in rgb.partition("(")[2].rstrip(")").split(",")[:3])
    return f"#{red:02x}{green:02x}{blue:02x}"
