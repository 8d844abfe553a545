{{ config(
    materialized='incremental',
    pre_hook="{{ forget_units('int_control__now', 'place_id') }}",
    post_hook="{{ remember_units('int_control__now') }}",
) }}
-- depends_on: {{ ref('int_control__now') }}, {{ source('meta', 'followed') }}

-- Sieges and cut supply lines of each place, side by side where several sides besiege it, drawn anew for every day on
-- which anything known of them changed (rule 19).
with blockaded as (
    select distinct place_id
    from {{ ref('int_control__reports') }}
    where family in ('siege', 'siege_broken', 'supply_line_cut', 'supply_line_opened')
),

reports as (
    select *
    from {{ ref('int_control__spread') }}
    where
        place_id in (select b.place_id from blockaded as b)
        and (
            (family in ('siege', 'supply_line_cut') and distance = 0)
            or family in ('siege_broken', 'supply_line_opened')
            or (family = 'control' and extent is distinct from 'partial')
        )
        {% if is_incremental() %}
            and place_id in {{ units_to_build('int_control__now') }}
        {% endif %}
),

days as (
    {{ known_days('reports') }}
),

seen as (
    select
        d.known_number,
        d.known_on,
        d.next_known_on,
        r.*,
        r.grade = 'contested' as is_contested
    from days as d
    inner join reports as r
        on
            d.place_id = r.place_id
            and d.known_on >= r.known_from
            and (r.known_to is null or d.known_on < r.known_to)
),

-- What each report does to which state.
effects as (
    select
        *,
        'siege' as state,
        family = 'siege' as is_start,
        family = 'control' as is_capture
    from seen
    where family in ('siege', 'siege_broken', 'control')
    union all
    select
        *,
        'supply_line_cut' as state,
        family = 'supply_line_cut' as is_start,
        family = 'control' as is_capture
    from seen
    where family in ('supply_line_cut', 'supply_line_opened', 'control')
),

-- Whoever besieges or cuts has a line of his own: who began it, or who lost by its end.
blockaders as (
    select distinct
        place_id,
        known_number,
        state,
        case when is_start then holder_side else loser_side end as side
    from effects
    where not is_capture and distance = 0 and case when is_start then holder_side else loser_side end is not null
),

steps as (
    select
        b.side,
        e.*,
        -- The side that was cut off, as last told.
        last_value(case when e.is_start then e.loser_side end ignore nulls) over (
            partition by e.place_id, e.known_number, e.state, b.side order by e.day, e.first_said_at, e.report_id
        ) as cut_off_side,
        bool_or(e.is_start) over (
            partition by e.place_id, e.known_number, e.state, b.side order by e.day, e.first_said_at, e.report_id
        ) as has_started
    from effects as e
    inner join blockaders as b
        on
            e.place_id = b.place_id
            and e.known_number = b.known_number
            and e.state = b.state
    where case
        when e.is_start then e.holder_side = b.side
        when e.is_capture then true
        else e.loser_side = b.side or (e.loser_side is null and e.holder_side is distinct from b.side)
    end
),

-- A siege ends with any capture or withdrawal; a cut with the capture of the road by the side that was cut off.
effective as (
    select
        *,
        lag({ 'is_start': is_start, 'is_contested': is_contested }) over in_order as prev
    from steps
    where
        not is_capture
        or (
            has_started
            and (state = 'siege' or holder_side = cut_off_side or (cut_off_side is null and holder_side <> side))
        )
    window in_order as (partition by place_id, known_number, state, side order by day, first_said_at, report_id)
),

begun as (
    select
        *,
        lead(day) over in_order as valid_to,
        lead(event_id) over in_order as closed_by_event_id
    from effective
    where
        case
            when prev is null then is_start or (distance = 0 and loser_side = side)
            when is_start then not prev.is_start or prev.is_contested
            else prev.is_start or (prev.is_contested and not is_contested)
        end
    window in_order as (partition by place_id, known_number, state, side order by day, first_said_at, report_id)
),

besieged as (
    select
        *,
        last_value(case when is_start then holder_id end ignore nulls) over in_order as blockader_id,
        row_number() over in_order = 1 as is_first
    from begun
    window in_order as (partition by place_id, known_number, state, side order by day, first_said_at, report_id)
),

drawn as (
    select
        place_id,
        state,
        side,
        known_number,
        known_on,
        next_known_on,
        case when not is_contested then holder_id end as holder_id,
        case when not is_contested then side end as holder_side,
        case
            when is_contested
                then list_sort(list_distinct(list_filter(
                    [holder_id, coalesce(loser_id, blockader_id), blockader_id], lambda x: x is not null
                )))
        end as contenders,
        case when is_contested then 'contested' else 'reported' end as basis,
        grade as given_grade,
        day as valid_from,
        day_earliest as valid_from_earliest,
        valid_to,
        event_id as opened_by_event_id,
        closed_by_event_id,
        claim_ids as own_claim_ids,
        conflict_id
    from besieged
    where (is_start or is_contested) and (valid_to is null or day < valid_to)
    union all
    -- What was broken or opened had stood before (rule 21).
    select
        place_id,
        state,
        side,
        known_number,
        known_on,
        next_known_on,
        loser_id as holder_id,
        side as holder_side,
        null as contenders,
        'inferred' as basis,
        null as given_grade,
        null as valid_from,
        null as valid_from_earliest,
        day as valid_to,
        null as opened_by_event_id,
        event_id as closed_by_event_id,
        claim_ids as own_claim_ids,
        conflict_id
    from besieged
    where is_first and not is_start
),

numbered as (
    select
        *,
        side as blockade_side,
        cast(null as varchar) as extent,
        cast(null as varchar) as follows_place_id,
        row_number() over (partition by place_id, known_number order by state, side, valid_from nulls first) as interval_number
    from drawn
),

{{ supported_intervals('numbered', 'effects', "
    d.state = s.state
    and d.side = s.holder_side
    and s.is_start
    and not s.is_contested
") }}
