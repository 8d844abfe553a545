{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='unit_id',
    post_hook="{{ remember_own_number() }}",
) }}
-- depends_on: {{ source('meta', 'followed') }}

-- The fingerprint of a place changes where anything does that bears on who holds it; null where nothing does any more.
with places as (
    select
        place_id as unit_id,
        cast(bit_xor(hash(
            report_id, distance, reported_place_id, family, change, extent, holder_id, holder_side, loser_id, loser_side, day,
            day_earliest, first_said_at, grade, claimant_groups, claim_ids, conflict_id, known_from, known_to
        )) as varchar) || '/' || count(*) || '/' || any_value(n.fingerprint) as fingerprint
    from {{ ref('int_control__spread') }}
    cross join {{ ref('int_reference__now') }} as n
    group by place_id
)

{{ changed_units('places') }}
