{{ config(materialized='view') }}

{{ changed_units('int_places__now', 'int_place_control__timelines') }}
