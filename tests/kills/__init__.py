"""SIGKILL and a full disk in every step, day after day: what the next run makes of it."""
