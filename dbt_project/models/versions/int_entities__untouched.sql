{{ config(materialized='view', schema='intermediate', contract={'enforced': false}) }}
-- depends_on: {{ ref('int_control__now') }}, {{ ref('int_control__wholes_now') }}, {{ source('meta', 'followed') }}

-- Events and intervals of control that nothing has touched since the last version, so that only others need be compared.
select unit_id as entity_id
from {{ ref('int_events__now') }}
where changed_in <= {{ last_number('int_events__now', 'fct_changes') }}
union all
select control_id as entity_id
from {{ ref('fct_place_control') }}
where not {{ is_control_to_compare() }}
