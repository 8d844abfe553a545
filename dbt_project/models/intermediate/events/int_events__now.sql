{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='unit_id',
    post_hook=["{{ remember_units('int_clusters__now') }}", "{{ remember_own_number() }}"],
) }}
-- depends_on: {{ ref('int_clusters__now') }}, {{ source('meta', 'followed') }}

-- Events whose rows are to be made anew: those of changed clusters, as they were and as they are, and those that other events
-- gave other circumstances as evidence or put into another overlap group.
with events as (
    select
        event_id as unit_id,
        min(cluster_id) as cluster_id
    from {{ ref('int_events__states') }}
    {% if is_incremental() %}
        where cluster_id in {{ units_to_build('int_clusters__now') }}
    {% endif %}
    group by event_id
),

circumstances as (
    select
        event_id as unit_id,
        bit_xor(hash(claim_id, claimant_group, matched_claim_id, match_reason)) as circumstances_hash
    from {{ ref('int_territorial_events__circumstances') }}
    group by event_id
),

around as (
    select
        e.unit_id,
        concat_ws('/', c.circumstances_hash, g.overlap_group) as fingerprint
    from (
        select unit_id from circumstances
        union
        select event_id as unit_id from {{ ref('int_reinforcement_events__grouped') }}
    ) as e
    left join circumstances as c using (unit_id)
    left join {{ ref('int_reinforcement_events__grouped') }} as g on e.unit_id = g.event_id
)

{% if is_incremental() %}
    select
        coalesce(k.unit_id, e.unit_id) as unit_id,
        -- An event that left its cluster for another changed one is among the events of that.
        case
            when e.unit_id is not null then e.cluster_id
            when k.cluster_id not in {{ units_to_build('int_clusters__now') }} then k.cluster_id
        end as cluster_id,
        a.fingerprint,
        {{ own_number() }} as changed_in
    from {{ this }} as k
    full join events as e on k.unit_id = e.unit_id
    left join around as a on coalesce(k.unit_id, e.unit_id) = a.unit_id
    where
        e.unit_id is not null
        or k.cluster_id in {{ units_to_build('int_clusters__now') }}
        or {{ is_whole('int_clusters__now') }}
        or k.fingerprint is distinct from a.fingerprint
{% else %}
    select
        e.unit_id,
        e.cluster_id,
        a.fingerprint,
        {{ own_number() }} as changed_in
    from events as e
    left join around as a using (unit_id)
{% endif %}
