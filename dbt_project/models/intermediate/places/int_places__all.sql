-- Places of the reference tables, and those that claims name and no table has (rule 6).
{%- set columns = [
    'place_id', 'name', 'place_kind', 'country', 'parent_place_id', 'latitude', 'longitude', 'population', 'source',
] | join(', ') %}

with known as (
    select {{ columns }} from {{ ref('ref_places') }}
    union all
    select {{ columns }} from {{ ref('ref_places_local') }}
    where place_id not in (select p.place_id from {{ ref('ref_places') }} as p)
),

named as (
    select distinct unnest([place_id, origin_id, via_id]) as place_id
    from {{ ref('int_claims__known') }}
),

-- 'eastern Aleppo' is eastern_<place>, a part of it.
parts as (
    select
        n.place_id,
        regexp_extract(n.place_id, '^((north|south)?(eastern|western)|northern|southern|central)_(.+)$', 1) as direction,
        regexp_extract(n.place_id, '^((north|south)?(eastern|western)|northern|southern|central)_(.+)$', 4) as whole_id
    from named as n
    left join known as k using (place_id)
    where n.place_id is not null and k.place_id is null
)

select
    *,
    true as is_in_reference
from known
union all
select
    p.place_id,
    coalesce(p.direction || ' ' || whole.name, p.place_id) as name,
    case when whole.place_id is not null then 'part' end as place_kind,
    whole.country,
    whole.place_id as parent_place_id,
    null as latitude,
    null as longitude,
    null as population,
    'inferred' as source,
    false as is_in_reference
from parts as p
left join known as whole on p.whole_id = whole.place_id
