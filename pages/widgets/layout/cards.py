"""Cards: one course, class or child at a glance; and what stands in their place when there is nothing yet."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import streamlit as st

from pages.widgets.words.markdown import plain
from pages.widgets.words.percentages import percent_text

_LONGEST_TITLE = 30  # a longer one may be cut on a card, so hovering gives it in full


@dataclass(frozen=True)
class CardLink:
    """Where a card leads: the page's path below `pages/`, and the query parameters that choose what it shows."""

    page: str
    query: dict[str, str]


@contextmanager
def card_grid() -> Iterator[None]:
    """A grid for cards: three to a row at most, one on a phone."""
    with st.grid(3, min_column_width=280):
        yield


@contextmanager
def card(title: str, *, link: CardLink | None = None) -> Iterator[None]:
    """A frame as high as its neighbours; the title leads to `link`."""
    with st.container(border=True, height="stretch", gap="small"):
        if link is None:
            st.markdown(f"**{plain(title)}**")
        else:
            st.page_link(
                link.page,
                label=f"**{plain(title)}**",
                icon=":material/chevron_right:",
                icon_position="right",
                query_params=link.query,
                help=plain(title) if len(title) > _LONGEST_TITLE else "",
            )
        yield


def progress_card(
    title: str, shown: int | None, counts: str, lines: list[str], *, link: CardLink | None = None
) -> None:
    """A card with its percentage, the counts, a bar, and short lines of Markdown."""
    with card(title, link=link):
        show_bar(shown, counts)
        st.caption("  \n".join(lines))


def show_bar(shown: int | None, counts: str) -> None:
    """A bar beneath its percentage and the counts (Markdown) that it comes from."""
    st.progress(shown or 0, text=f"**{percent_text(shown)}** · {counts}")


def show_nothing_yet(title: str, what_to_do: str) -> None:
    """The empty state: that there is nothing yet, and what to do next."""
    with st.container(border=True, horizontal_alignment="center"):
        st.space("small")
        st.markdown(f"**{title}**", text_alignment="center")
        st.caption(what_to_do, text_alignment="center")
        st.space("small")
