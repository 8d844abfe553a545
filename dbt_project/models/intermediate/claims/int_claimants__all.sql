-- Who says things: the reference table, parties that speak for themselves, and names no table has (rule 6).
with known as (
    select
        claimant_id,
        name,
        claimant_kind,
        actor_id
    from {{ ref('ref_claimants') }}
),

parties as (
    select
        actor_id as claimant_id,
        name,
        case
            when actor_kind = 'government' then 'government'
            when actor_kind in ('state_forces', 'police', 'peacekeepers') then 'military'
            when actor_kind = 'international_organisation' then 'un_body'
            else 'armed_group'
        end as claimant_kind,
        actor_id
    from {{ ref('ref_actors') }}
    where actor_id not in (select k.claimant_id from known as k)
),

named as (
    select
        claimant_id,
        min(claimant_text) as name
    from {{ ref('int_claims__known') }}
    where claimant_id is not null
    group by claimant_id
),

everyone as (
    select
        *,
        true as is_in_reference
    from known
    union all
    select
        *,
        true as is_in_reference
    from parties
    union all
    select
        claimant_id,
        name,
        null as claimant_kind,
        null as actor_id,
        false as is_in_reference
    from named
    where
        claimant_id not in (select k.claimant_id from known as k)
        and claimant_id not in (select p.claimant_id from parties as p)
)

select
    e.claimant_id,
    e.name,
    e.claimant_kind,
    e.actor_id,
    k.claimant_rank,
    -- Somebody with a name of their own speaks for themselves until a table says otherwise.
    coalesce(k.independence, 'self') as independence,
    e.is_in_reference
from everyone as e
left join {{ ref('ref_claimant_kinds') }} as k using (claimant_kind)
