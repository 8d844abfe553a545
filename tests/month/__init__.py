"""A simulated month: twenty sources, ten thousand documents, servers that misbehave, books that balance."""
