-- How far apart the dates of one event are between outlets: the thousand widest of the events that two or more date.
select distinct
    event_id,
    kind,
    dating_outlets as outlets,
    date_start_low as first_date,
    date_start_high as last_date,
    date_diff('day', date_start_low, date_start_high) as days_apart
from {{ every_event('event_id, dating_outlets, date_start_low, date_start_high') }}
where len(dating_outlets) > 1
order by days_apart desc, event_id
limit 1000
