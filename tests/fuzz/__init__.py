"""Hostile inputs for every parser and for `extract`: made, run under guard, and counted."""
