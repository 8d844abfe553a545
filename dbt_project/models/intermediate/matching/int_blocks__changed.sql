{{ config(materialized='view') }}

{{ changed_units('int_blocks__now', 'int_claims__edges') }}
