{{ config(meta={'dagster': {'ref': {'name': 'fct_casualty_events'}}}) }}
-- What may be summed gives the same sum by rows and by incidents: the parts of an incident are its whole (rule 10).
with by_rows as (
    select
        event_id,
        sum(count_low) as low,
        case when count(*) = count(count_best) then sum(count_best) end as best
    from {{ ref('fct_casualty_events') }}
    group by event_id
),

by_incidents as (
    select
        g.event_id,
        c.whole_low as low,
        c.whole_best as best
    from {{ ref('int_casualty_events__counted') }} as c
    inner join {{ ref('int_events__graded') }} as g using (event_state_id)
    where c.is_total and g.is_current
)

select *
from by_rows
full join by_incidents using (event_id)
where
    by_rows.low is distinct from by_incidents.low
    or (by_rows.best is not null and by_rows.best is distinct from by_incidents.best)
