-- One row a series is the latest, and it is the one with the latest as-of day (rule 12).
select
    claimant_id,
    claimant_group,
    harm,
    victim,
    scope,
    place_id,
    period_start
from {{ ref('fct_casualty_tolls') }}
group by all
having count(*) filter (where is_latest) <> 1 or max(as_of) <> max(as_of) filter (where is_latest)
