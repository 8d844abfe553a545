"""Frontline as a library: news bytes in, claims and a DuckDB warehouse out. Knows neither Dagster nor dbt."""


class FrontlineError(Exception):
    """Something that a person can mend, outside the code: a setting, a file, a process in the way.

    The message says what is wrong and what to do; the command line shows it without a traceback.
    """
