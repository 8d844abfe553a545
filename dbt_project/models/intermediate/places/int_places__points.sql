-- How exact a place is by its kind (UCDP's codes), and where it is drawn: at its own coordinate, else at that of the nearest
-- place it lies in which has one. Divisions and countries have none, so what is known no better than by them is not drawn.
with places as (
    select
        place_id,
        name,
        latitude,
        longitude,
        case
            when place_kind is null then null
            when place_kind in ('part', 'neighbourhood_group') then 2
            when place_kind = 'admin2' then 3
            when place_kind = 'admin1' then 4
            when place_kind in ('road', 'river', 'region', 'front', 'border') then 5
            when place_kind = 'country' then 6
            when place_kind in ('sea', 'waters') then 7
            else 1
        end as where_prec
    from {{ ref('int_places__all') }}
),

nearest as (
    select
        l.place_id,
        arg_min(l.ancestor_id, l.distance) as point_place_id
    from {{ ref('int_places__lines') }} as l
    inner join places as a on l.ancestor_id = a.place_id
    where a.latitude is not null and a.longitude is not null
    group by l.place_id
)

select
    p.place_id,
    cast(p.where_prec as integer) as where_prec,
    n.point_place_id,
    a.name as point_name,
    a.latitude as point_latitude,
    a.longitude as point_longitude,
    -- Drawn at another place's point, it is somewhere in or near that place.
    cast(
        case when n.point_place_id <> p.place_id then greatest(2, p.where_prec) else p.where_prec end as integer
    ) as point_prec
from places as p
left join nearest as n using (place_id)
left join places as a on n.point_place_id = a.place_id
