-- What is said in an overlap group: between the greatest report, which may hold the others, and their sum. There is no
-- best number, for nobody gave one for the group. Claims that share a count_group are one report of several senders (rule 17).
with reports as (
    select
        g.overlap_group,
        e.actor_id,
        coalesce(case when e.count_group is not null then e.article_id || '/' || e.count_group end, e.claim_id) as report_id,
        e.count_group is not null as is_shared,
        e.count_least,
        e.count_most,
        e.is_open_high
    from {{ ref('int_events__evidence') }} as e
    inner join {{ ref('int_reinforcement_events__grouped') }} as g using (event_id)
    where e.is_current_state and e.supports and e.count_least is not null
),

-- A sender's numbers are added to those of others once: with the shared report it is in (the first of several that
-- name it, so that copies and overlapping reports stay one), else by its own greatest report.
senders as (
    select
        overlap_group,
        actor_id,
        min(report_id) filter (where is_shared) as shared_report_id,
        max(count_most) filter (where not is_shared) as own_most,
        bool_or(is_open_high) filter (where not is_shared) as is_own_open
    from reports
    group by overlap_group, actor_id
),

shared as (
    select
        s.overlap_group,
        s.shared_report_id,
        max(r.count_most) as shared_most,
        bool_or(r.is_open_high) as is_shared_open
    from senders as s
    inner join reports as r on s.overlap_group = r.overlap_group and s.actor_id = r.actor_id and r.is_shared
    group by s.overlap_group, s.shared_report_id
),

units as (
    select
        s.overlap_group,
        coalesce(s.shared_report_id, s.actor_id) as unit_id,
        greatest(coalesce(max(h.shared_most), 0), coalesce(sum(s.own_most), 0)) as most,
        coalesce(bool_or(h.is_shared_open), false) or coalesce(bool_or(s.is_own_open), false) as is_open
    from senders as s
    left join shared as h
        on
            s.overlap_group = h.overlap_group
            and s.shared_report_id = h.shared_report_id
    group by all
),

highs as (
    select
        overlap_group,
        sum(most) as most,
        bool_or(is_open) as is_open
    from units
    group by overlap_group
),

lows as (
    select
        overlap_group,
        max(count_least) as low
    from reports
    group by overlap_group
),

groups as (
    select
        overlap_group,
        min(actor_side) as actor_side,
        -- The destination that holds the others.
        arg_min(destination_id, row(place_depth, destination_id)) as destination_id,
        min(date_start) as date_start,
        max(date_end) as date_end,
        min(conflict_id) as conflict_id,
        cast(count(*) as integer) as number_of_movements,
        cast(count(distinct actor_id) as integer) as number_of_senders
    from (
        select
            f.*,
            len(r.place_line) as place_depth
        from {{ ref('fct_reinforcement_events') }} as f
        left join {{ ref('int_places__regions') }} as r on f.destination_id = r.place_id
    )
    group by overlap_group
)

select
    g.overlap_group,
    g.actor_side,
    g.destination_id,
    cast(date_trunc('week', g.date_start) as date) as week_start,
    g.date_start,
    g.date_end,
    l.low as count_low,
    cast(case when not h.is_open then h.most end as bigint) as count_high,
    coalesce(h.is_open, false) as is_open_high,
    cast(h.most as bigint) as count_high_stated,
    g.number_of_movements,
    g.number_of_senders,
    g.conflict_id
from groups as g
left join lows as l using (overlap_group)
left join highs as h using (overlap_group)
