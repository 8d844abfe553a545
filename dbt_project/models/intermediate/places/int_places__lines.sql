-- Every place with itself and each place it lies in, nearest first.
with recursive lines as (
    select
        place_id,
        place_id as ancestor_id,
        0 as distance
    from {{ ref('int_places__all') }}
    union all
    select
        l.place_id,
        p.parent_place_id as ancestor_id,
        l.distance + 1 as distance
    from lines as l
    inner join {{ ref('int_places__all') }} as p on l.ancestor_id = p.place_id
    where p.parent_place_id is not null and l.distance < 8
)

select
    l.place_id,
    l.ancestor_id,
    l.distance,
    a.place_kind as ancestor_kind
from lines as l
inner join {{ ref('int_places__all') }} as a on l.ancestor_id = a.place_id
