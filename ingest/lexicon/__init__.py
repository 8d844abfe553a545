"""Reads seeds/reference and seeds/frames once into a Lexicon record."""
