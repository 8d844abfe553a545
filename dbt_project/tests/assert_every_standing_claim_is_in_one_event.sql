-- A current claim that can make an event is in one event of its own kind, or in none where nobody affirms the event.
select
    claim_id,
    count(distinct event_id) as events
from {{ ref('bridge_event_claims') }}
where relation <> 'refines'
group by claim_id
having count(distinct event_id) > 1
