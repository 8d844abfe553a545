-- Events with one claimant against those corroborated by a second, by kind.
select
    kind,
    count(distinct event_id) filter (where number_of_claimants = 1) as with_one_claimant,
    count(distinct event_id) filter (where number_of_claimants > 1) as corroborated
from {{ every_event('event_id, number_of_claimants') }}
group by kind
order by kind
