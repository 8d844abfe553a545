{{ config(
    materialized='incremental',
    on_schema_change='fail',
    pre_hook=["{{ forget_units('int_control__now', 'place_id') }}", "{{ forget_units('int_control__wholes_now', 'place_id') }}"],
    post_hook=["{{ remember_units('int_control__now') }}", "{{ remember_units('int_control__wholes_now') }}"],
) }}
-- depends_on: {{ ref('int_control__now') }}, {{ source('meta', 'followed') }}

with intervals as (
    select *
    from {{ ref('int_control__holders') }}
    where place_id not in (select w.unit_id from {{ ref('int_control__wholes_now') }} as w where w.fingerprint is not null)
    union all by name
    select * from {{ ref('int_control__extents') }}
    union all by name
    select * from {{ ref('int_control__blockades') }}
)

select
    {{ content_hash([
        'place_id', 'state', 'coalesce(blockade_side, holder_side, array_to_string(contenders, chr(44)))', 'valid_from', 'known_from'
    ]) }} as control_id,
    place_id,
    state,
    holder_id,
    holder_side,
    blockade_side,
    contenders,
    basis,
    grade,
    extent,
    valid_from,
    valid_from_earliest,
    valid_to,
    known_from,
    known_to,
    known_to is null as is_current,
    last_reported_on,
    follows_place_id,
    cast(len(claimant_groups) as integer) as number_of_claimants,
    opened_by_event_id,
    closed_by_event_id,
    claim_ids,
    conflict_id
from intervals
{% if is_incremental() %}
    where
        place_id in {{ units_to_build('int_control__now') }}
        or place_id in {{ units_to_build('int_control__wholes_now') }}
        or {{ is_whole('int_control__wholes_now') }}
{% endif %}
