-- Each report with every place it bears on, and how far above (or, below 0, below) that place it was made. A town's parts
-- follow it, all of them; of a province or a region only the places that have a report of their own are drawn (rule 22).
with places as (
    select distinct place_id from {{ ref('int_control__reports') }}
    union
    select distinct l.place_id
    from {{ ref('int_control__reports') }} as r
    inner join {{ ref('int_places__lines') }} as l on r.place_id = l.ancestor_id
    where
        r.family in ('control', 'control_held')
        and coalesce(l.ancestor_kind, '') not in ('country', 'admin1', 'admin2', 'region')
)

select
    p.place_id,
    l.distance,
    r.place_id as reported_place_id,
    r.* exclude (place_id, cluster_id, document_id)
from places as p
inner join {{ ref('int_places__lines') }} as l using (place_id)
inner join {{ ref('int_control__reports') }} as r on l.ancestor_id = r.place_id
where
    l.distance = 0
    or (
        l.ancestor_kind is distinct from 'country'
        and (
            r.family in ('siege_broken', 'supply_line_opened')
            or (r.family in ('control', 'control_held') and r.extent is distinct from 'partial')
        )
    )
union all
select
    l.ancestor_id as place_id,
    -l.distance as distance,
    r.place_id as reported_place_id,
    r.* exclude (place_id, cluster_id, document_id)
from {{ ref('int_control__reports') }} as r
inner join {{ ref('int_places__lines') }} as l using (place_id)
inner join places as p on l.ancestor_id = p.place_id
where
    l.distance > 0
    and l.ancestor_kind is distinct from 'country'
    and r.family in ('siege_broken', 'supply_line_opened')
