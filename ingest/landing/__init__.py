"""Bytes in, nothing interpreted: files, feeds, pages, archives become Documents or Rejects."""
