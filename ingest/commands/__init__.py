"""The commands of `python -m ingest`, a module each: `add_arguments(parser)` and `run(arguments)`."""
