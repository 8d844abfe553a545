{{ config(
    materialized='incremental',
    pre_hook="{{ forget_units('int_clusters__now', 'cluster_id') }}",
    post_hook="{{ remember_units('int_clusters__now') }}",
) }}
-- depends_on: {{ ref('int_clusters__now') }}, {{ source('meta', 'followed') }}

-- Why a claim is in its event now: the nearest other member it matches, and how.
with members as (
    select
        e.cluster_id,
        e.event_id,
        e.event_state_id,
        e.claim_version_id,
        e.claim_id,
        e.kind,
        e.claimant_group,
        e.is_denial,
        e.is_standing,
        e.is_admission,
        e.claim_id = g.best_claim_id as is_best
    from {{ ref('int_events__evidence') }} as e
    inner join {{ ref('int_events__graded') }} as g using (event_state_id)
    where
        e.is_current_state
        {% if is_incremental() %}
            and e.cluster_id in {{ units_to_build('int_clusters__now') }}
        {% endif %}
),

reasons as (
    select
        claim_a as claim_version_id,
        claim_b as there,
        match_reason,
        distance
    from {{ ref('int_claims__edges') }}
    union all
    select
        claim_b as claim_version_id,
        claim_a as there,
        match_reason,
        distance
    from {{ ref('int_claims__edges') }}
),

matched as (
    select
        m.claim_version_id,
        arg_min(r.match_reason, row(r.distance, o.claim_id)) as match_reason,
        arg_min(o.claim_id, row(r.distance, o.claim_id)) as matched_claim_id
    from members as m
    inner join reasons as r using (claim_version_id)
    inner join members as o on m.event_state_id = o.event_state_id and r.there = o.claim_version_id
    group by m.claim_version_id
)

select
    m.* exclude (event_state_id),
    coalesce(r.match_reason, 'the only claim') as match_reason,
    r.matched_claim_id
from members as m
left join matched as r using (claim_version_id)
