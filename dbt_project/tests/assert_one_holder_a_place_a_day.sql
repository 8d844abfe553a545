-- Who held a place on a day, as known on a day, is one row: no two rows of one place's control overlap in both times; of a
-- siege or a cut line no two of one side.
select
    a.place_id,
    a.state,
    a.control_id,
    b.control_id as other_control_id
from {{ ref('fct_place_control') }} as a
inner join {{ ref('fct_place_control') }} as b
    on
        a.place_id = b.place_id
        and a.state = b.state
        and a.control_id < b.control_id
where
    (a.state = 'control' or a.blockade_side = b.blockade_side)
    and (a.valid_to is null or b.valid_from is null or b.valid_from < a.valid_to)
    and (b.valid_to is null or a.valid_from is null or a.valid_from < b.valid_to)
    and (a.known_to is null or b.known_from < a.known_to)
    and (b.known_to is null or a.known_from < b.known_to)
