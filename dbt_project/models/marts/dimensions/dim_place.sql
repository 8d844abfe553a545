select
    p.place_id,
    p.name,
    p.place_kind,
    p.parent_place_id,
    p.country,
    c.iso3,
    c.name as country_name,
    c.region,
    r.admin1_id,
    a1.name as admin1_name,
    r.admin2_id,
    a2.name as admin2_name,
    -- OCHA's place codes are in no table we may ship.
    cast(null as varchar) as pcode,
    p.latitude,
    p.longitude,
    p.population,
    g.where_prec,
    g.point_place_id,
    g.point_name,
    g.point_latitude,
    g.point_longitude,
    g.point_prec,
    p.source,
    p.is_in_reference
from {{ ref('int_places__all') }} as p
inner join {{ ref('int_places__regions') }} as r using (place_id)
inner join {{ ref('int_places__points') }} as g using (place_id)
left join {{ ref('ref_countries') }} as c on p.country = c.country
left join {{ ref('int_places__all') }} as a1 on r.admin1_id = a1.place_id
left join {{ ref('int_places__all') }} as a2 on r.admin2_id = a2.place_id
