-- A report of a place, and what it says of the place's parts (rule 22): those of a town or a smaller place all follow it,
-- of a province or a region those that are themselves in the news.
with named as (
    select distinct place_id from {{ ref('int_claims__versions') }} where place_id is not null
),

followers as (
    select
        l.ancestor_id as whole_id,
        l.place_id
    from {{ ref('int_places__lines') }} as l
    left join named as n using (place_id)
    where
        l.distance > 0
        and l.ancestor_kind is distinct from 'country'
        and (n.place_id is not null or coalesce(l.ancestor_kind, '') not in ('admin1', 'admin2', 'region'))
)

select
    place_id,
    true as is_own,
    * exclude (place_id)
from {{ ref('int_place_reports__own') }}
union all by name
select
    f.place_id,
    false as is_own,
    o.* exclude (place_id)
from {{ ref('int_place_reports__own') }} as o
inner join followers as f on o.place_id = f.whole_id
where
    o.extent is distinct from 'partial'
    -- A cut of a road is not a cut of its parts.
    and o.state <> 'supply_line_cut'
