"""Imports from other systems, on data made by hand and on the real public sets."""
