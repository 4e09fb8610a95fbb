"""What a person does on a page: choosing from lists, typing into a grid, pressing a button and reading the answer."""

from playwright.sync_api import Locator, Page, expect

from tests.pages.screen import wait_for

expect.set_options(timeout=15_000)  # a page takes 0.1 s, but not where tests share two cores with much else
_DONE = """
    window.seen && seen.state === 'notRunning' && !document.querySelector('[data-stale=true]')
    && performance.now() - seen.changed > 300
    && (seen.began > seen.used || performance.now() - seen.used > 1500)
"""  # not every use makes the page run


def choose(page: Page, label: str, option: str) -> None:
    """Pick from a list by keyboard alone."""
    box = page.get_by_role("combobox", name=label, exact=True)
    box.focus()
    box.press("ArrowDown")
    box.fill(option)
    box.press("Enter")
    wait(page)


def press(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()
    wait(page)


def wait(page: Page) -> None:
    """Until the page has done what was asked of it, even if that was to refuse.

    A run that ends by asking for another one is over for a moment in between: it has to stay over for a while.
    """
    wait_for(page, _DONE)


def cell(grid: Locator, row: int, column: int) -> Locator:
    """A cell of a grid that is on the screen; the first row and column are 0."""
    return grid.get_by_test_id(f"glide-cell-{column}-{row}")


def row_of(grid: Locator, name: str) -> int:
    """The row of a grid in whose first column this name stands."""
    expect(cell(grid, 0, 0)).to_be_attached()
    return grid.locator("td[aria-colindex='1']").all_inner_texts().index(name)


def type_into(grid: Locator, row: int, column: int, text: str) -> None:
    """Type something new into a cell by keyboard alone."""
    page, target = grid.page, cell(grid, row, column)
    before = target.inner_text()
    grid.get_by_test_id("data-grid-canvas").focus()
    for key in ["Control+Home"] + ["ArrowDown"] * row + ["ArrowRight"] * column:
        page.keyboard.press(key)
        page.wait_for_timeout(30)
    expect(target).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    wait_for(page, "document.activeElement.matches('input, textarea')")
    page.keyboard.type(text, delay=40)
    page.keyboard.press("Enter")
    wait_for(page, "!document.activeElement.matches('input, textarea')")
    expect(target).not_to_have_text(before)
    page.wait_for_timeout(300)  # the grid gathers what is typed for 150 ms before it tells the page
