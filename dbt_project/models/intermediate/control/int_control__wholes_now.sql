{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='unit_id',
    post_hook="{{ remember_own_number() }}",
) }}
-- depends_on: {{ source('meta', 'followed') }}

-- Places with parts that have reports of their own; the fingerprint changes where the holder of either does, and is null where
-- no part has one any more.
with parts as (
    select
        place_id,
        bit_xor(hash(part_id, holder_side, valid_from, valid_to, known_from, known_to)) as parts_hash
    from {{ ref('int_control__parts') }}
    group by place_id
),

wholes as (
    select
        place_id,
        bit_xor(hash({{ control_columns() | join(', ') }}, known_from, known_to)) as wholes_hash
    from {{ ref('int_control__holders') }}
    group by place_id
),

places as (
    select
        w.place_id as unit_id,
        w.wholes_hash || '/' || p.parts_hash as fingerprint
    from wholes as w
    inner join parts as p using (place_id)
)

{{ changed_units('places') }}
