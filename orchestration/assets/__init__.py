"""The assets, named as their tables: raw documents, articles, claims, the dbt models, the published file."""
