{{ config(materialized='view') }}

{{ changed_units('int_control__now', 'int_control__holders') }}
