"""Polars frame in, plotly figure out. No Streamlit, no SQL, no access rules: a chart draws what it is given."""

from plotly.graph_objects import Figure

__all__ = ["Figure"]
