"""Bytes to text: a Document becomes an Article with its language, its date and that date's basis."""
