{{ config(meta={'dagster': {'ref': {'name': 'fct_reinforcement_groups'}}}) }}
-- A group is never less than any of its movements, nor more than all of them together (rules 17 and 18).
with movements as (
    select
        overlap_group,
        max(count_low) as greatest_low,
        sum(count_high_stated) as sum_of_highs
    from {{ ref('fct_reinforcement_events') }}
    group by overlap_group
)

select *
from {{ ref('fct_reinforcement_groups') }} as g
inner join movements as m using (overlap_group)
where g.count_low < m.greatest_low or g.count_high_stated > m.sum_of_highs
