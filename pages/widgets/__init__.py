"""Pieces that several pages show. A piece that only one page shows stays with that page."""
