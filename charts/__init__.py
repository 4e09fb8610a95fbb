"""Charts: polars frame in, plotly figure out. No Streamlit, no SQL and no access rules."""

from plotly.graph_objects import Figure

__all__ = ["Figure"]
