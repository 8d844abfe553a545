select
    p.place_id,
    p.country,
    arg_min(l.ancestor_id, l.distance) filter (where l.ancestor_kind = 'admin1') as admin1_id,
    arg_min(l.ancestor_id, l.distance) filter (where l.ancestor_kind = 'admin2') as admin2_id,
    arg_min(l.ancestor_id, l.distance) filter (where l.ancestor_kind = 'country') as country_id,
    -- Itself and what it lies in, below the country: two places are on one line where one's line holds the other.
    coalesce(
        list(l.ancestor_id order by l.distance) filter (where l.ancestor_kind is distinct from 'country'), [p.place_id]
    ) as place_line,
    -- Where claims about the place are matched: its first-level division, else its country, else the place alone.
    coalesce(
        arg_min(l.ancestor_id, l.distance) filter (where l.ancestor_kind = 'admin1'),
        arg_min(l.ancestor_id, l.distance) filter (where l.ancestor_kind = 'country'),
        p.place_id
    ) as region_id
from {{ ref('int_places__all') }} as p
inner join {{ ref('int_places__lines') }} as l using (place_id)
group by p.place_id, p.country
