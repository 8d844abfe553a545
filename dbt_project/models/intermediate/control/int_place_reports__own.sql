-- What is reported of a place's control, sieges and supply lines, as known in stretches of days: changes (events) and
-- holdings (claims). `action` says what the report does to the state: take, held, open, close.
with changes as (
    select
        e.*,
        -- A coarse date counts from its last day, no date from the day it was said (rule 21).
        case
            when e.best_date is null then e.first_said_on
            when coalesce(e.best_date.prec, 1) >= 3 then coalesce(e.best_date.last, e.best_date.first)
            else coalesce(e.best_date.first, e.best_date.last)
        end as day,
        coalesce(e.best_date.first, e.best_date.last) as day_earliest,
        e.best_date is not null as is_dated,
        coalesce(e.gained_side, 'name/' || e.gained_by_id) as gained_key,
        coalesce(e.lost_side, 'name/' || e.lost_by_id) as lost_key
    from {{ ref('int_events__graded') }} as e
    where e.kind = 'territorial_change' and e.place_id is not null
),

reports as (
    select
        place_id,
        event_id as report_id,
        unnest(case change_family
            when 'control' then [
                {'state': 'control', 'action': 'take'},
                {'state': 'siege', 'action': 'capture'},
                {'state': 'supply_line_cut', 'action': 'capture'}
            ]
            when 'siege' then [{'state': 'siege', 'action': 'open'}]
            when 'siege_broken' then [{'state': 'siege', 'action': 'close'}]
            when 'supply_line_cut' then [{'state': 'supply_line_cut', 'action': 'open'}]
            when 'supply_line_opened' then [{'state': 'supply_line_cut', 'action': 'close'}]
        end) as effect,
        day,
        day_earliest,
        is_dated,
        extent,
        gained_by_id,
        gained_key,
        lost_by_id,
        lost_key,
        grade,
        grade = 'contested' as is_contested,
        first_said_on,
        known_from,
        known_to
    from changes
),

holdings as (
    select
        place_id,
        claim_id as report_id,
        {'state': 'control', 'action': 'held'} as effect,
        case when coalesce(date_prec, 1) >= 3 then match_last else match_first end as day,
        match_first as day_earliest,
        true as is_dated,
        extent,
        gained_by_id,
        coalesce(gained_side, 'name/' || gained_by_id) as gained_key,
        null as lost_by_id,
        null as lost_key,
        'weak' as grade,
        false as is_contested,
        said_on as first_said_on,
        known_from,
        known_to
    from {{ ref('int_claims__versions') }}
    where
        change_family = 'control_held'
        and can_support
        and not is_denial
        and place_id is not null
        and match_first is not null
        and gained_by_id is not null
)

select
    * exclude (effect),
    effect.state as state,
    effect.action as action
from (select * from reports union all by name select * from holdings)
