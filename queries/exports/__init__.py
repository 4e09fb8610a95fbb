"""Answers as files: whole views in batches, as CSV, JSON, Parquet or a workbook.

Imports `asking` and the questions of `queries`.
"""
