-- How far apart the dates of one event are between outlets: events that two outlets or more date, the widest first.
select
    b.event_id,
    b.kind,
    list(distinct c.outlet_id order by c.outlet_id) as outlets,
    min(c.date_start) as first_date,
    max(c.date_start) as last_date,
    date_diff('day', min(c.date_start), max(c.date_start)) as days_apart
from {{ published('bridge_event_claims') }} as b
inner join {{ every_claim('claim_id, outlet_id, date_start') }} as c using (claim_id)
where b.relation = 'supports' and c.date_start is not null
group by b.event_id, b.kind
having count(distinct c.outlet_id) > 1
order by days_apart desc, b.event_id
