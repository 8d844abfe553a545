{{ config(
    materialized='incremental',
    pre_hook="{{ forget_units('int_documents__now', 'document_id') }}",
    post_hook="{{ remember_units('int_documents__now') }}",
) }}
-- depends_on: {{ ref('int_documents__now') }}, {{ source('meta', 'followed') }}

-- One row per claim version: the side of everybody it names, in its war on its day.
with claims as (
    select
        c.claim_version_id,
        c.document_id,
        w.conflict_id,
        coalesce(c.date_end, a.said_on) as day,
        s.actor_id as claimant_actor_id,
        c.perpetrator_id,
        c.actor_id,
        c.gained_by_id,
        c.lost_by_id
    from {{ ref('int_claims__known') }} as c
    inner join {{ ref('int_articles__versions') }} as a using (article_id)
    left join {{ ref('int_claims__conflicts') }} as w using (claim_version_id)
    left join {{ ref('int_claimants__all') }} as s on c.claimant_id = s.claimant_id
    {% if is_incremental() %}
        where c.document_id in {{ units_to_build('int_documents__now') }}
    {% endif %}
),

roles as (
    unpivot claims
    on claimant_actor_id, perpetrator_id, actor_id, gained_by_id, lost_by_id
    into name role value party_id
),

sided as (
    select
        r.claim_version_id,
        r.document_id,
        r.role,
        -- A party of the tables without a side in this war is a side of its own; a name no table has is on none we know.
        coalesce(
            min(s.side_key) filter (
                where (s.valid_from is null or s.valid_from <= r.day) and (s.valid_to is null or s.valid_to > r.day)
            ),
            min(case when p.actor_id is not null then 'actor/' || p.actor_id end)
        ) as side_key
    from roles as r
    left join {{ ref('ref_actors') }} as p on r.party_id = p.actor_id
    left join {{ ref('int_actors__sides') }} as s
        on
            r.party_id = s.actor_id
            and r.conflict_id = s.conflict_id
    group by r.claim_version_id, r.document_id, r.role
)

select
    claim_version_id,
    document_id,
    min(side_key) filter (where role = 'claimant_actor_id') as claimant_side,
    min(side_key) filter (where role = 'perpetrator_id') as perpetrator_side,
    min(side_key) filter (where role = 'actor_id') as actor_side,
    min(side_key) filter (where role = 'gained_by_id') as gained_side,
    min(side_key) filter (where role = 'lost_by_id') as lost_side
from sided
group by claim_version_id, document_id
