"""Records to DuckDB and back: the only Python that holds SQL."""

from ingest.warehouse.connection import WarehouseBusyError, WarehouseError, is_there
from ingest.warehouse.export import export_sorted
from ingest.warehouse.publish import Publication, publish
from ingest.warehouse.store import Warehouse
from ingest.warehouse.summary import fingerprint, summarise

__all__ = [
    "Publication",
    "Warehouse",
    "WarehouseBusyError",
    "WarehouseError",
    "export_sorted",
    "fingerprint",
    "is_there",
    "publish",
    "summarise",
]
