"""Superset's settings: on the loopback, for one desk, reading one DuckDB file that it can't write.

Read by Superset through SUPERSET_CONFIG_PATH, in its own environment. FRONTLINE_BI is its folder.
"""

import os
from pathlib import Path

HOME = Path(os.environ["FRONTLINE_BI"])

APP_NAME = "Frontline"
SECRET_KEY = (HOME / "secret_key").read_text("utf-8")
SQLALCHEMY_DATABASE_URI = f"sqlite:///{HOME / 'superset.db'}?check_same_thread=false&timeout=30"

# A publication replaces the file at any moment: what was cached would be older than its neighbour.
DATA_CACHE_CONFIG = {"CACHE_TYPE": "NullCache"}
CACHE_CONFIG = {"CACHE_TYPE": "NullCache"}

# On the loopback there is no TLS to force; the rest of the policy stays as Superset has it.
TALISMAN_CONFIG = {
    "content_security_policy": {
        "base-uri": ["'self'"],
        "default-src": ["'self'"],
        "img-src": ["'self'", "blob:", "data:"],
        "worker-src": ["'self'", "blob:"],
        "connect-src": ["'self'"],
        "object-src": "'none'",
        "style-src": ["'self'", "'unsafe-inline'"],
        # The template that draws the map is compiled in the browser.
        "script-src": ["'self'", "'unsafe-eval'", "'strict-dynamic'"],
    },
    "content_security_policy_nonce_in": ["script-src"],
    "force_https": False,
    "session_cookie_secure": False,
}
SESSION_COOKIE_SAMESITE = "Lax"
RATELIMIT_STORAGE_URI = "memory://"

# Maps are drawn as SVG by a template (see dashboards/situation.yml): shapes, no script and no link.
HTML_SANITIZATION_SCHEMA_EXTENSIONS = {
    "tagNames": ["svg", "g", "path", "title"],
    "attributes": {
        "*": ["className"],
        "svg": ["viewBox", "preserveAspectRatio", "role", "ariaLabel"],
        "path": ["d", "fillOpacity", "vectorEffect"],
    },
}

# Nothing calls home and nothing is loaded from elsewhere.
FAB_ADD_SECURITY_VIEWS = True
ENABLE_PROXY_FIX = False
SCARF_ANALYTICS = False
EXTRA_CATEGORICAL_COLOR_SCHEMES = [
    {
        "id": "frontline",
        "description": "Colours that people with colour-blindness tell apart (Okabe and Ito 2008)",
        "label": "Frontline",
        "isDefault": True,
        "colors": ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#D55E00", "#56B4E9", "#8C8C8C", "#B8A800"],
    }
]
FEATURE_FLAGS = {"ENABLE_TEMPLATE_PROCESSING": False, "ALERT_REPORTS": False, "EMBEDDED_SUPERSET": False}
ROW_LIMIT = 10_000
SQL_MAX_ROW = 100_000
SQLLAB_TIMEOUT = 60
LANGUAGES = {}
