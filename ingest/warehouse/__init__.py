"""Records to DuckDB and back: the only Python that holds SQL."""

from ingest.warehouse.connection import WarehouseBusyError, WarehouseError
from ingest.warehouse.store import Warehouse

__all__ = ["Warehouse", "WarehouseBusyError", "WarehouseError"]
