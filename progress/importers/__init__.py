"""Bringing other systems' data into the record: one package per source, and what they share. No rules of the field."""
