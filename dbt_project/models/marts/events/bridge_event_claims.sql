-- Why a claim is in its event: the nearest other member it matches, and how.
with reasons as (
    select
        here as claim_version_id,
        there,
        match_reason,
        distance
    from (
        select claim_a as here, claim_b as there, match_reason, distance from {{ ref('int_claims__edges') }}
        union all
        select claim_b as here, claim_a as there, match_reason, distance from {{ ref('int_claims__edges') }}
    )
),

members as (
    select
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
    where e.is_current_state
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
    {{ content_hash(['m.event_id', 'm.claim_id']) }} as event_claim_id,
    m.event_id,
    m.claim_id,
    m.kind,
    case when m.is_denial then 'denies' else 'supports' end as relation,
    m.is_standing,
    m.is_best,
    m.is_admission,
    m.claimant_group,
    coalesce(r.match_reason, 'the only claim') as match_reason,
    r.matched_claim_id
from members as m
left join matched as r using (claim_version_id)
union all
select
    {{ content_hash(['event_id', 'claim_id']) }} as event_claim_id,
    event_id,
    claim_id,
    'territorial_change' as kind,
    'refines' as relation,
    false as is_standing,
    false as is_best,
    false as is_admission,
    claimant_group,
    match_reason,
    matched_claim_id
from {{ ref('int_territorial_events__circumstances') }}
