-- What was known of an event on one day is one thing.
select
    a.event_id,
    a.known_from
from {{ ref('int_events__graded') }} as a
inner join {{ ref('int_events__graded') }} as b
    on
        a.event_id = b.event_id
        and a.event_state_id < b.event_state_id
        and (a.known_to is null or a.known_to > b.known_from)
        and a.known_from < coalesce(b.known_to, date '9999-12-31')
