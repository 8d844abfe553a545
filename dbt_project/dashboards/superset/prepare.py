"""Bring Superset's own database to its version, make the two users, import the dashboards.

    python prepare.py migrate
    python prepare.py import BUNDLE

Run in Superset's environment, one process each, since every start costs seconds. The passwords come
from FRONTLINE_BI_PASSWORD (`analyst`, reads) and FRONTLINE_BI_ADMIN_PASSWORD.
"""

import os
import sys
import zipfile
from pathlib import Path

from superset.app import create_app

ANALYST_MAY = (
    ("all_datasource_access", "all_datasource_access"),
    ("all_database_access", "all_database_access"),
)
"""What `analyst` may beyond Superset's roles Gamma and sql_lab: read every dataset of the one connection."""


def migrate() -> None:
    """Make or upgrade the tables that Superset keeps its charts in."""
    from flask_migrate import upgrade
    from superset import app as package

    upgrade(directory=str(Path(package.__file__).with_name("migrations")))


def import_all(bundle: str) -> None:
    """Make roles and users, and import the dashboards over those of the same ids."""
    from superset import appbuilder, security_manager
    from superset.commands.importers.v1.assets import ImportAssetsCommand
    from superset.commands.importers.v1.utils import get_contents_from_bundle
    from superset.utils.core import override_user

    appbuilder.add_permissions(update_perms=True)
    security_manager.sync_role_definitions()
    reader = security_manager.add_role("Frontline reader")
    for permission, view in ANALYST_MAY:
        found = security_manager.find_permission_view_menu(permission, view)
        security_manager.add_permission_role(reader, found)
    _user("admin", os.environ["FRONTLINE_BI_ADMIN_PASSWORD"], ["Admin"])
    _user("analyst", os.environ["FRONTLINE_BI_PASSWORD"], ["Gamma", "sql_lab", "Frontline reader"])
    with zipfile.ZipFile(bundle) as packed, override_user(security_manager.find_user("admin")):
        ImportAssetsCommand(get_contents_from_bundle(packed)).run()


def _user(name: str, password: str, roles: list[str]) -> None:
    from superset import security_manager

    found = security_manager.find_user(name)
    may = [security_manager.find_role(role) for role in roles]
    if found is None:
        security_manager.add_user(name, name, "Frontline", f"{name}@localhost", may, password=password)
    else:
        found.roles = may
        security_manager.reset_password(found.id, password)


if __name__ == "__main__":
    with create_app().app_context():
        if sys.argv[1] == "migrate":
            migrate()
        else:
            import_all(sys.argv[2])
