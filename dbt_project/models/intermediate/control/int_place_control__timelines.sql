-- depends_on: {{ ref('int_places__changed') }}
{{ config(
    materialized='incremental',
    pre_hook="{{ delete_changed_units('int_places__changed', 'place_id') }}",
    post_hook="{{ remember_units('int_places__now') }}",
) }}

-- The states of each place as they followed each other, drawn anew for every day on which anything known of it changed.
with reports as (
    select *
    from {{ ref('int_place_reports__spread') }}
    {% if is_incremental() %}
        where place_id in (select changed.unit_id from {{ ref('int_places__changed') }} as changed)
    {% endif %}
),

days as (
    select
        place_id,
        day as known_on,
        lead(day) over (partition by place_id order by day) as next_known_on,
        row_number() over (partition by place_id order by day) as known_number
    from (
        select place_id, known_from as day from reports
        union
        select place_id, known_to as day from reports where known_to is not null
    )
),

seen as (
    select
        d.known_number,
        d.known_on,
        d.next_known_on,
        r.*
    from days as d
    inner join reports as r
        on
            d.place_id = r.place_id
            and d.known_on >= r.known_from
            and (r.known_to is null or d.known_on < r.known_to)
),

judged as (
    select
        *,
        min(day) filter (where is_own and action in ('take', 'held')) over of_state as first_own_day,
        min(day) filter (where action = 'take') over of_state as first_take_day,
        arg_min(lost_key, row(day, first_said_on, report_id)) filter (
            where action = 'take' and extent is distinct from 'partial'
        ) over of_state as first_loser,
        min(day) filter (where is_dated) over (
            partition by place_id, state, known_number, action, gained_key
        ) as first_dated_day,
        max(cast(is_own as integer)) over (partition by place_id, state, known_number, day) = 1 as has_own_that_day,
        -- Who cuts the line, where one was cut before.
        arg_max(gained_key, day) filter (where action = 'open') over (
            partition by place_id, state, known_number order by day rows between unbounded preceding and current row
        ) as cutter
    from seen
    window of_state as (partition by place_id, state, known_number)
),

steps as (
    select
        *,
        case when action in ('take', 'held', 'open') then gained_by_id end as holder_id,
        case when action in ('take', 'held', 'open') then gained_key end as holder_key,
        coalesce(extent = 'partial', false) as is_partial
    from judged
    where
        -- A part with a report of its own no longer follows, unless the whole was taken in full (rule 22).
        (
            is_own
            or not (has_own_that_day or coalesce(first_own_day < day and extent is distinct from 'full', false))
        )
        -- A holding opens an interval only where there was none; a named loser held the place before the first change.
        and (action <> 'held' or first_take_day is null or (day < first_take_day and first_loser is null))
        -- A taking without a date, by a side already known to have taken the place, is that same taking told again.
        and (action <> 'take' or is_dated or first_dated_day is null or first_dated_day > day)
        and not (action = 'capture' and (is_contested or extent is not distinct from 'partial'))
        -- A cut ends where the side that was cut off takes the road.
        and not (action = 'capture' and state = 'supply_line_cut' and cutter is not distinct from gained_key)
),

-- Steps of one side after each other are one interval, begun by the first of them (rule 23).
marked as (
    select
        *,
        not coalesce(
            holder_key is not distinct from lag(holder_key) over of_state
            and not is_contested
            and not lag(is_contested) over of_state
            and is_own = lag(is_own) over of_state,
            false
        ) as is_begin
    from steps
    where not is_partial
    window of_state as (partition by place_id, state, known_number order by day, is_own, first_said_on, report_id)
),

runs as (
    select
        *,
        sum(cast(is_begin as integer)) over (
            partition by place_id, state, known_number order by day, is_own, first_said_on, report_id
        ) as run
    from marked
),

intervals as (
    select
        place_id,
        state,
        known_number,
        run,
        min(known_on) as known_on,
        min(next_known_on) as next_known_on,
        min(day) as valid_from,
        arg_min(row(day_earliest), row(day, first_said_on, report_id)) as earliest,
        max(day) as last_step_on,
        {% for column in ['report_id', 'action', 'is_own', 'is_contested', 'is_dated', 'grade'] -%}
            arg_min({{ column }}, row(day, first_said_on, report_id)) as {{ column }},
        {% endfor %}
        {% for column in ['holder_id', 'holder_key', 'gained_by_id', 'lost_by_id', 'lost_key'] -%}
            arg_min(row({{ column }}), row(day, first_said_on, report_id)) as {{ column }},
        {% endfor %}
        lead(min(day)) over (partition by place_id, state, known_number order by run) as valid_to
    from runs
    group by place_id, state, known_number, run
),

-- Parts taken: the gainer holds a part until the next change of the whole.
in_part as (
    select
        p.*,
        (
            select min(i.valid_from)
            from intervals as i
            where i.place_id = p.place_id and i.known_number = p.known_number and i.state = 'control' and i.valid_from > p.day
        ) as valid_to
    from steps as p
    where p.is_partial and p.state = 'control'
),

drawn as (
    select
        place_id,
        state,
        known_number,
        known_on,
        next_known_on,
        case when not is_contested then struct_extract(holder_id, 1) end as holder_id,
        case when not is_contested then struct_extract(holder_key, 1) end as holder_side,
        case
            when is_contested
                then list_sort(list_filter(
                    [struct_extract(gained_by_id, 1), struct_extract(lost_by_id, 1)], lambda x: x is not null
                ))
        end as contenders,
        valid_from,
        struct_extract(earliest, 1) as valid_from_earliest,
        valid_to,
        case when is_contested then 'contested' when is_own then 'reported' else 'inferred' end as basis,
        cast(null as varchar) as extent,
        grade,
        report_id,
        is_dated,
        last_step_on
    from intervals
    where
        (valid_to is null or valid_from < valid_to)
        and (is_contested or struct_extract(holder_id, 1) is not null)
    union all
    -- Before the first known change its loser held the place, or kept the siege (rule 21).
    select
        place_id,
        state,
        known_number,
        known_on,
        next_known_on,
        struct_extract(lost_by_id, 1) as holder_id,
        struct_extract(lost_key, 1) as holder_side,
        null as contenders,
        null as valid_from,
        null as valid_from_earliest,
        valid_from as valid_to,
        'inferred' as basis,
        null as extent,
        grade,
        report_id,
        is_dated,
        null as last_step_on
    from intervals
    where run = 1 and action in ('take', 'close') and struct_extract(lost_by_id, 1) is not null
    union all
    select
        place_id,
        state,
        known_number,
        known_on,
        next_known_on,
        case when not is_contested then gained_by_id end as holder_id,
        case when not is_contested then gained_key end as holder_side,
        case
            when is_contested then list_sort(list_filter([gained_by_id, lost_by_id], lambda x: x is not null))
        end as contenders,
        day as valid_from,
        day_earliest as valid_from_earliest,
        valid_to,
        case when is_contested then 'contested' else 'reported' end as basis,
        'partial' as extent,
        grade,
        report_id,
        is_dated,
        day as last_step_on
    from in_part
),

-- What was last said of the holder in the interval: its own steps, and holdings that fall in it.
supported as (
    select
        d.*,
        max(h.day) as last_seen_on
    from drawn as d
    left join seen as h
        on
            d.place_id = h.place_id
            and d.known_number = h.known_number
            and d.state = h.state
            and d.holder_side = h.gained_key
            and h.action in ('held', 'take')
            and (d.valid_from is null or h.day >= d.valid_from)
            and (d.valid_to is null or h.day < d.valid_to)
    group by all
),

-- The same interval on one day of knowledge after another is one row.
stretches as (
    select
        * exclude (last_step_on, last_seen_on),
        greatest(last_step_on, last_seen_on) as last_reported_on,
        known_number - row_number() over (
            partition by
                place_id, state, holder_id, holder_side, contenders, valid_from, valid_from_earliest, valid_to, basis, extent,
                grade, report_id, greatest(last_step_on, last_seen_on)
            order by known_number
        ) as stretch
    from supported
)

select
    place_id,
    state,
    holder_id,
    holder_side,
    contenders,
    valid_from,
    valid_from_earliest,
    valid_to,
    basis,
    extent,
    grade,
    report_id,
    is_dated,
    last_reported_on,
    min(known_on) as known_from,
    struct_extract(arg_max(row(next_known_on), known_number), 1) as known_to
from stretches
group by
    place_id, state, holder_id, holder_side, contenders, valid_from, valid_from_earliest, valid_to, basis, extent, grade,
    report_id, is_dated, last_reported_on, stretch
