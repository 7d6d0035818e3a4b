"""Formats out: rows to streams."""
