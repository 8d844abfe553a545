"""The command line of the orchestration: `python -m orchestration run | ui | docs | bi`."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import webbrowser
from datetime import date
from pathlib import Path

from ingest import FrontlineError
from ingest.settings import ROOT
from orchestration.settings import (
    DBT_PROJECT,
    WORKSPACE,
    docs_folder,
    executable,
    prepare_environment,
)


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m orchestration", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    run = commands.add_parser("run", help="run the pipeline in this process and say what it found")
    run.add_argument(
        "--input", type=Path, metavar="PATH", help="a file or folder to land instead of the sources"
    )
    run.add_argument("--landed-on", type=_day, metavar="DAY", help="the UTC day to land on (default: today)")
    run.add_argument("--read-again", action="store_true", help="read the day's articles again for claims")
    run.set_defaults(command=_run)
    ui = commands.add_parser("ui", help="open the Dagster UI on the loopback")
    ui.add_argument("--port", type=int, default=3000)
    ui.set_defaults(command=_ui)
    docs = commands.add_parser("docs", help="write the dbt docs as one static page")
    docs.set_defaults(command=_docs)
    bi = commands.add_parser("bi", help="open the dashboards in Apache Superset on the loopback")
    bi.add_argument("--port", type=int, default=8088)
    bi.set_defaults(command=_bi)
    given = parser.parse_args(arguments)
    try:
        return int(given.command(given))
    except FrontlineError as error:
        print(error, file=sys.stderr)
        return 1


def _day(text: str) -> date:
    from orchestration.settings import today

    day = date.fromisoformat(text)
    if not date(2010, 1, 1) <= day <= today():
        raise argparse.ArgumentTypeError(f"{text} is not between 2010-01-01 and today")
    return day


def _run(given: argparse.Namespace) -> int:
    if given.input is not None and not given.input.exists():
        print(f"There is no file or folder {given.input}", file=sys.stderr)
        return 1
    from orchestration.run import run_pipeline

    return run_pipeline(given.input, given.landed_on, read_again=given.read_again)


def _ui(given: argparse.Namespace) -> int:
    from orchestration import recovery

    prepare_environment()
    with recovery.recovered_instance(print):
        pass
    os.chdir(ROOT)
    print(f"Dagster UI: http://127.0.0.1:{given.port} (Ctrl-C ends it)", flush=True)
    command = [executable("dagster"), "dev", "-w", str(WORKSPACE), "-h", "127.0.0.1", "-p", str(given.port)]
    os.execv(command[0], command)  # noqa: S606 -- our own program; there is no shell to start


def _bi(given: argparse.Namespace) -> int:
    from ingest.settings import published_path
    from orchestration.bi import server

    print("Superset: preparing its database ..." if server.is_new() else "Superset: starting ...", flush=True)
    migration = server.migrate()
    if not published_path().exists():
        # Superset's database and the sample articles do not need each other: two cores, both at once.
        from orchestration.run import run_pipeline

        if (status := run_pipeline()) != 0:
            return status
    server.finish(migration)
    slugs = server.import_dashboards()
    process = server.start(given.port)
    print(f"\nDashboards on {published_path()}, read-only (Ctrl-C ends it):")
    for slug in slugs:
        print(f"  {server.address(given.port, slug)}")
    print(f"Log in as {server.USER}, password {server.secret('password')}")
    print(f"To change dashboards: admin, password in {server.bi_folder() / 'admin_password'}", flush=True)
    try:
        return process.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        server.stop(process)


def _docs(given: argparse.Namespace) -> int:
    from ingest.settings import warehouse_place
    from ingest.warehouse import Warehouse

    prepare_environment()
    # dbt does not wait for a run that has the file open; this does, and says who is in the way.
    with Warehouse(warehouse_place()):
        pass
    folder = docs_folder()
    environment = {**os.environ, "DBT_TARGET_PATH": str(folder), "DBT_LOG_PATH": str(folder)}
    done = subprocess.run(  # noqa: S603 -- our own dbt with fixed arguments
        [executable("dbt"), "--quiet", "docs", "generate", "--static"], cwd=DBT_PROJECT, env=environment
    )
    if done.returncode == 0:
        page = (folder / "static_index.html").as_uri()
        print(f"dbt docs: {page}")
        if sys.stdout.isatty() and _has_screen():
            webbrowser.open(page)
    return done.returncode


def _has_screen() -> bool:
    """Return whether a browser can open a window; without one, a text browser would take the terminal."""
    return sys.platform in ("darwin", "win32") or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )


if __name__ == "__main__":
    sys.exit(main())
