-- A claimant that is a party stands on a side of each of its wars; the side of the newest is shown.
with sides as (
    select
        actor_id,
        arg_max(conflict_id, (coalesce(valid_from, date '0001-01-01'), conflict_id)) as conflict_id,
        arg_max(side_id, (coalesce(valid_from, date '0001-01-01'), conflict_id)) as side_id
    from {{ ref('int_actors__sides') }}
    group by actor_id
)

select
    c.claimant_id,
    c.name,
    c.claimant_kind,
    c.claimant_rank,
    c.independence,
    c.actor_id,
    s.conflict_id,
    s.side_id,
    c.is_in_reference
from {{ ref('int_claimants__all') }} as c
left join sides as s using (actor_id)
