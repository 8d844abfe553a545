-- Events with one claimant against those corroborated by a second, by kind.
select
    kind,
    count(distinct event_id) filter (where number_of_claimants = 1) as with_one_claimant,
    count(distinct event_id) filter (where number_of_claimants > 1) as corroborated
from (
    select
        'casualty' as kind,
        event_id,
        number_of_claimants
    from {{ published('fct_casualty_events') }}
    union all
    select
        'reinforcement' as kind,
        event_id,
        number_of_claimants
    from {{ published('fct_reinforcement_events') }}
    union all
    select
        'territorial_change' as kind,
        event_id,
        number_of_claimants
    from {{ published('fct_territorial_change_events') }}
)
group by kind
order by kind
