{{ config(materialized='view') }}

-- What is known of a place's parts by reports of their own, beside every place they lie in that has a holder itself.
select
    l.ancestor_id as place_id,
    p.place_id as part_id,
    p.holder_side,
    p.valid_from,
    p.valid_to,
    p.known_from,
    p.known_to
from {{ ref('int_control__holders') }} as p
inner join {{ ref('int_places__lines') }} as l using (place_id)
where
    p.follows_place_id is null
    and p.holder_side is not null
    and l.distance > 0
    and l.ancestor_kind is distinct from 'country'
    and l.ancestor_id in (select w.place_id from {{ ref('int_control__holders') }} as w)
