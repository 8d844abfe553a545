{{ config(materialized='view') }}

{{ changed_units('int_clusters__now', 'int_events__states') }}
