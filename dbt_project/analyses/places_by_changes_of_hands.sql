-- Places by number of changes of hands, with the chain of who gained them: changes that are not contested, one side's
-- successive gains counted once. A coarse date counts from its last day (rule 21); changes of unnamed places are left out.
with gains as (
    select
        place_id,
        date_start,
        date_end,
        gained_by_id
    from {{ published('fct_territorial_change_events') }}
    where change_family = 'control' and grade <> 'contested' and place_id is not null
    qualify gained_side is distinct from lag(gained_side) over (
        partition by place_id order by date_end nulls last, date_start, event_id
    )
)

select
    place_id,
    count(*) as changes_of_hands,
    string_agg(
        coalesce(cast(date_start as varchar), 'undated') || ' ' || coalesce(gained_by_id, 'unknown'),
        ', then ' order by date_end nulls last, date_start
    ) as chain
from gains
group by place_id
order by changes_of_hands desc, place_id
