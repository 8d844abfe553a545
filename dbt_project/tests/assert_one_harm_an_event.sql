{{ config(meta={'dagster': {'ref': {'name': 'fct_casualty_events'}}}) }}
-- An incident is of one harm (claims match within a harm), so that exports and dashboards may sum an incident's parts.
select
    event_id,
    string_agg(distinct harm, ', ' order by harm) as harms
from {{ ref('fct_casualty_events') }}
group by event_id
having count(distinct harm) > 1
