{{ config(materialized='view') }}

-- The smallest area we may draw without saying more than the news does: a circle as wide as the place's precision, the
-- province, or the country. A place is never a dot. x is the longitude, y Mercator's, downward, both in degrees.
with placed as (
    select
        e.*,
        p.country as country_code,
        p.admin1_id,
        p.point_prec,
        p.point_name,
        p.point_place_id,
        p.point_longitude as x,
        -degrees(ln(tan(pi() / 4 + radians(p.point_latitude) / 2))) as y,
        case p.point_prec when 1 then 5 else 25 end as radius_km,
        case p.point_prec when 1 then 5 else 25 end / 111.32 / cos(radians(p.point_latitude)) as r
    from {{ ref('bi_events') }} as e
    inner join {{ ref('dim_place') }} as p on e.place_id = p.place_id
)

select
    e.event_id,
    e.kind,
    e.conflict,
    e.country,
    e.region,
    e.place,
    e.actor,
    e.claimant_kind,
    e.grade,
    e.date_start,
    e.place_precision,
    case
        when e.point_prec <= 2 and e.x is not null then concat(e.point_place_id, '/', e.radius_km)
        when d.path is not null then d.place_id
        else n.place_id
    end as area_id,
    case
        when e.point_prec <= 2 and e.x is not null then 'circle'
        when d.path is not null then 'province'
        else 'country'
    end as area_kind,
    case
        when e.point_prec <= 2 and e.x is not null
            then concat(e.point_name, ': within ', e.radius_km, ' km of its centre')
        when d.path is not null then concat(e.region, ': a province, somewhere in it')
        else concat(e.country, ': somewhere in the country')
    end as area,
    case
        when e.point_prec <= 2 and e.x is not null
            then printf(
                'M%.3f %.3fa%.3f %.3f 0 1 0 %.3f 0a%.3f %.3f 0 1 0 %.3f 0Z',
                e.x - e.r, e.y, e.r, e.r, 2 * e.r, e.r, e.r, -2 * e.r
            )
        when d.path is not null then d.path
        else n.path
    end as area_path,
    n.path as country_path,
    n.x_min,
    n.y_min,
    n.x_max,
    n.y_max
from placed as e
inner join {{ ref('dim_outline') }} as n on e.country_code = n.country and n.place_kind = 'country'
left join {{ ref('dim_outline') }} as d on e.admin1_id = d.place_id
