-- Movements that may be counted in one another (rule 18): one side, one destination or its parent, within 7 days.
-- A movement nobody dates stands alone, for nothing says with which it overlaps.
with recursive events as (
    select
        e.event_id,
        coalesce(e.actor_side, 'name/' || e.actor_id) as side,
        e.place_id,
        r.place_line,
        e.best_date.first as date_start,
        coalesce(e.best_date.last, e.best_date.first) as date_end
    from {{ ref('int_events__graded') }} as e
    left join {{ ref('int_places__regions') }} as r using (place_id)
    where e.is_current and e.kind = 'reinforcement'
),

links as (
    select
        a.event_id as here,
        b.event_id as there
    from events as a
    inner join events as b
        on
            a.side = b.side
            and a.event_id <> b.event_id
            and a.date_start <= b.date_end + 7
            and b.date_start <= a.date_end + 7
    where list_contains(a.place_line, b.place_id) or list_contains(b.place_line, a.place_id)
),

labels (event_id, overlap_group) {{ using_key('event_id') }} as (
    select
        event_id,
        event_id as overlap_group
    from events
    union
    select
        links.there as event_id,
        min(labels.overlap_group) as overlap_group
    from labels
    inner join links on labels.event_id = links.here
    inner join recurring.labels as known on links.there = known.event_id
    where labels.overlap_group < known.overlap_group
    group by links.there
)

select
    event_id,
    overlap_group
from labels
