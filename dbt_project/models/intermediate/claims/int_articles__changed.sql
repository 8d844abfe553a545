{{ config(materialized='view') }}

from {{ ref('stg_raw__changes') }}
where change_number > {{ last_change('int_claims__resolved') }}
