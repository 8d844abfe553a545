{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='unit_id',
    schema='intermediate',
    contract={'enforced': false},
    post_hook="{{ remember_own_number() }}",
) }}
-- depends_on: {{ source('meta', 'followed') }}

-- The names that charts show in the place of ids. A new name changes no row that stands; another name of the same thing may
-- change any, so then all of them are made anew (macros/bi.sql).
with named as (
    select
        'conflict/' || conflict_id as unit_id,
        cast(hash(name) as varchar) as fingerprint
    from {{ ref('dim_conflict') }}
    union all
    select
        'place/' || place_id as unit_id,
        cast(hash(name, country_name, admin1_name, where_prec) as varchar) as fingerprint
    from {{ ref('dim_place') }}
    union all
    select
        'actor/' || actor_id as unit_id,
        cast(hash(name) as varchar) as fingerprint
    from {{ ref('dim_actor') }}
    where is_current_name
    union all
    select
        'claimant/' || claimant_id as unit_id,
        cast(hash(name, claimant_kind) as varchar) as fingerprint
    from {{ ref('dim_claimant') }}
)

{% if is_incremental() %}
    select
        unit_id,
        n.fingerprint,
        case when k.unit_id is not null then {{ own_number() }} else 0 end as changed_in
    from named as n
    left join {{ this }} as k using (unit_id)
    where n.fingerprint is distinct from k.fingerprint
{% else %}
    select
        unit_id,
        fingerprint,
        0 as changed_in
    from named
    union all
    -- What was built with other names must not stand.
    select
        'all' as unit_id,
        '' as fingerprint,
        {{ own_number() }} as changed_in
{% endif %}
