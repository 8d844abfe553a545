{{ config(materialized='view') }}

{{ changed_units('int_control__wholes_now', 'int_control__extents') }}
