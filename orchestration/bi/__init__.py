"""Apache Superset on the published file: its dashboards from YAML, its state in the data folder."""
