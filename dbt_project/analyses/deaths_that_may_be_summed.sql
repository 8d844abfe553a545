-- Which deaths since 19 September 2016 may be summed: incidents by disjoint categories, and (event_id null) their sum,
-- whose high is null where any part is open. Tolls of periods and of the war are in no sum.
select
    event_id,
    place_id,
    date_start,
    victim,
    {{ sum_of_bounds('killed') }}
from {{ published('fct_casualty_events') }}
where harm = 'killed' and conflict_id = 'syria' and date_start >= date '2016-09-19'
group by grouping sets ((event_id, place_id, date_start, victim), ())
order by date_start nulls last, event_id, victim
