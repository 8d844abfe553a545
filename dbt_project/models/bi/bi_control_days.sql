{{ config(materialized='view') }}

-- An interval that has no end is taken to hold until the last day that the news tells of, and no further.
with told as (
    select
        min(valid_from) as first_day,
        max(coalesce(valid_to, last_reported_on)) as last_day
    from {{ ref('fct_place_control') }}
    where known_to is null
),

intervals as (
    select
        c.*,
        coalesce(c.valid_from, t.first_day) as from_day,
        coalesce(c.valid_to - 1, t.last_day) as to_day,
        t.last_day
    from {{ ref('fct_place_control') }} as c
    cross join told as t
    where c.known_to is null
)

select
    cast(d.date_day as varchar) as day,
    c.control_id,
    w.name as conflict,
    p.country_name as country,
    p.admin1_name as region,
    p.name as place,
    c.state,
    case
        when len(c.contenders) > 0 then 'contested'
        else coalesce(a.name, 'holder not told')
    end as actor,
    c.basis,
    coalesce(c.grade, 'inferred') as grade,
    c.extent,
    c.valid_from,
    c.last_reported_on,
    cast(date_diff('day', c.last_reported_on, d.date_day) as integer) as days_since_reported,
    c.number_of_claimants
from intervals as c
inner join {{ ref('dim_date') }} as d on d.date_day between c.from_day and c.to_day
left join {{ ref('dim_conflict') }} as w on c.conflict_id = w.conflict_id
left join {{ ref('dim_place') }} as p on c.place_id = p.place_id
left join {{ ref('dim_actor') }} as a on c.holder_id = a.actor_id and a.is_current_name
