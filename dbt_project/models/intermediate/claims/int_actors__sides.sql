-- A part of an actor stands where the actor stands, unless it is given a side of its own in that conflict.
with recursive lines as (
    select
        actor_id,
        actor_id as ancestor_id,
        0 as distance
    from {{ ref('ref_actors') }}
    union all
    select
        l.actor_id,
        a.parent_actor_id as ancestor_id,
        l.distance + 1 as distance
    from lines as l
    inner join {{ ref('ref_actors') }} as a on l.ancestor_id = a.actor_id
    where a.parent_actor_id is not null and l.distance < 8
),

inherited as (
    select
        l.actor_id,
        s.conflict_id,
        s.side_id,
        s.valid_from,
        s.valid_to,
        l.distance,
        min(l.distance) over (partition by l.actor_id, s.conflict_id) as nearest
    from lines as l
    inner join {{ ref('ref_actor_sides') }} as s on l.ancestor_id = s.actor_id
)

select distinct
    actor_id,
    conflict_id,
    side_id,
    conflict_id || '/' || side_id as side_key,
    valid_from,
    valid_to,
    distance > 0 as is_inherited
from inherited
where distance = nearest
