"""The command line: `python -m ingest COMMAND`. Each step of the flow can be run alone.

A command's module is imported when it is asked for, so that help is quick and `land` needs no language model.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from ingest import FrontlineError

COMMANDS = {
    "land": "keep documents as they come: from a path, or from the registered sources",
    "parse": "make articles of what has landed",
    "read": "read claims out of the articles in the warehouse",
    "load": "land, parse and read in one go",
    "extract": "read claims out of JSON lines, without a warehouse",
    "publish": "write the copy of the marts that BI tools and people read",
    "publish-postgres": "copy what is published into a PostgreSQL database",
    "summary": "say what the published copy holds",
    "show": "write a page of one article with its claims marked in it",
    "explain": "say what an event or an interval of control rests on: claims, quotes, rules, match reasons",
    "sql": "ask the published copy in SQL",
    "doctor": "say what is wrong with the environment, the sources or the warehouse, and how to mend it",
    "retry": "try again what was rejected",
    "forget": "take an article out, for good, and leave a tombstone",
    "backup": "keep a copy of the warehouse in one file",
    "restore": "put a backup in the place of the warehouse",
}


def main(given: Sequence[str] | None = None) -> int:
    """Run the command line `given` (default: the process's) and return its exit status.

    0 is success, 1 that something was rejected or failed, 2 that the command could not begin.
    """
    words = list(sys.argv[1:] if given is None else given)
    parser = argparse.ArgumentParser(
        prog="python -m ingest",
        description="War news into a data warehouse, step by step. All state lies in the folder "
        "FRONTLINE_DATA (default: data/ in the repository).",
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, line in COMMANDS.items():
        command = commands.add_parser(name, help=line, description=line[0].upper() + line[1:] + ".")
        if words[:1] == [name]:
            module = import_module(f"ingest.commands.{name.replace('-', '_')}")
            module.add_arguments(command)
            command.set_defaults(run=module.run)
    arguments = parser.parse_args(words)
    try:
        return int(arguments.run(arguments))
    except BrokenPipeError:
        # The reader of our output went away, as `head` does; Python would complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        print("\nStopped. What was written is whole; run the same command again to go on.", file=sys.stderr)
        return 130
    except (FrontlineError, OSError) as error:
        print(f"python -m ingest {arguments.command}: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
