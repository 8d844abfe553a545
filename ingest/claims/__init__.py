"""Text to claims. Pure: no database, files, network or clock."""
