"""Tabs that one test after the other uses, each as if it were new: in a really new one, the browser would first compile
all of Streamlit's code again, which takes twice as long as the page itself.

Whatever a test does, no page may run or load anything that the policy of our answers forbids."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal, Self

from playwright.sync_api import Browser, ConsoleMessage, Error, Page

from progress.people.sign_in import SESSION_COOKIE

Scheme = Literal["light", "dark"]

DESKTOP, PHONE, HEIGHT = 1280, 390, 900
A_PHONE: dict[str, Any] = {
    "is_mobile": True,
    "has_touch": True,
    "user_agent": "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36",
}
# Notes when the page was last used and when it last began to run, for `tests.pages.steps.wait`.
_NOTES = """
    window.seen = {used: 0, began: 0, changed: 0, state: null};
    for (const use of ['pointerdown', 'click', 'keydown', 'input', 'change'])
        addEventListener(use, () => { seen.used = performance.now(); }, true);
    new MutationObserver(() => {
        const app = document.querySelector('[data-testid=stApp]');
        const state = app && app.dataset.testScriptState;
        if (state === seen.state) return;
        seen.state = state;
        seen.changed = performance.now();
        if (state === 'running') seen.began = seen.changed;
    }).observe(document, {subtree: true, childList: true, attributeFilter: ['data-test-script-state']});
"""


class Tabs:
    """Tabs at one address, each in a profile of its own. Tests of one moment never share one."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.address = address
        self._browser = browser
        self._free: dict[int, list[Page]] = defaultdict(list)  # by width
        self._forbidden: list[str] = []

    @contextmanager
    def signed_in(self, token: str, *, scheme: Scheme, width: int) -> Iterator[Page]:
        """A tab that remembers nothing, in which this session is open."""
        free = self._free[width]
        page = free.pop() if free else self._new(width)
        page.emulate_media(color_scheme=scheme)
        page.context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": self.address}])
        try:
            yield page
        finally:
            if self._is_cleared(page):
                free.append(page)
            else:
                page.context.close()
        assert self._forbidden == []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        for page in (page for pages in self._free.values() for page in pages):
            page.context.close()

    def _new(self, width: int) -> Page:
        size = {"width": width, "height": HEIGHT}
        phone = A_PHONE if width == PHONE else {}
        context = self._browser.new_context(base_url=self.address, viewport=size, reduced_motion="reduce", **phone)
        context.add_init_script(_NOTES)
        page = context.new_page()
        page.on("dialog", lambda dialog: dialog.accept())  # leave, also where something is not saved
        page.on("console", self._note_what_is_forbidden)
        return page

    def _note_what_is_forbidden(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self._forbidden.append(message.text)

    def _is_cleared(self, page: Page) -> bool:
        """Leave for a page without any code, and forget everything; False where that cannot be done."""
        try:
            page.goto(f"{self.address}/_stcore/health")
            page.evaluate("localStorage.clear(); sessionStorage.clear()")
            page.context.clear_cookies()
        except Error:
            return False
        return page.context.pages == [page]


@contextmanager
def on_a_phone(page: Page) -> Iterator[None]:
    """Show the open page on a phone's screen."""
    screen = page.context.new_cdp_session(page)
    size = {"width": PHONE, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": True}
    screen.send("Emulation.setDeviceMetricsOverride", size)
    yield
    screen.send("Emulation.setDeviceMetricsOverride", {**size, "width": DESKTOP, "mobile": False})
    screen.detach()
