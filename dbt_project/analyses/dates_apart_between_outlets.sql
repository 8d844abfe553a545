-- How far apart the dates of one event are between outlets: the thousand widest of the events that two or more date.
with dated as (
    select distinct
        event_id,
        'casualty' as kind,
        dating_outlets,
        date_start_low,
        date_start_high
    from {{ published('fct_casualty_events') }}
    where len(dating_outlets) > 1
    union all
    select
        event_id,
        'reinforcement' as kind,
        dating_outlets,
        date_start_low,
        date_start_high
    from {{ published('fct_reinforcement_events') }}
    where len(dating_outlets) > 1
    union all
    select
        event_id,
        'territorial_change' as kind,
        dating_outlets,
        date_start_low,
        date_start_high
    from {{ published('fct_territorial_change_events') }}
    where len(dating_outlets) > 1
)

select
    event_id,
    kind,
    dating_outlets as outlets,
    date_start_low as first_date,
    date_start_high as last_date,
    date_diff('day', date_start_low, date_start_high) as days_apart
from dated
order by days_apart desc, event_id
limit 1000
