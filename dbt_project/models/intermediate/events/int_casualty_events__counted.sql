{{ config(
    materialized='incremental',
    pre_hook="{{ forget_units('int_clusters__now', 'cluster_id') }}",
    post_hook="{{ remember_units('int_clusters__now') }}",
) }}
-- depends_on: {{ ref('int_clusters__now') }}, {{ source('meta', 'followed') }}

-- An incident's people as a partition by the tree of victim categories (rule 10): each category named, less the
-- categories inside it. Bounds are those of rule 9, best is that of rule 8.
with said as (
    select
        e.*,
        -- A part of a total in the same category bounds nothing of its own ('7 killed, 3 of them in the east').
        coalesce(e.subset_of is not null and t.victim = e.victim, false) as is_part_of_its_kind
    from {{ ref('int_events__evidence') }} as e
    left join {{ ref('int_events__evidence') }} as t
        on
            e.event_state_id = t.event_state_id
            and e.subset_of = t.claim_id
    where
        e.kind = 'casualty'
        and e.supports
        {% if is_incremental() %}
            and e.cluster_id in {{ units_to_build('int_clusters__now') }}
        {% endif %}
),

categories as (
    select
        event_state_id,
        any_value(cluster_id) as cluster_id,
        harm,
        victim,
        min(count_least) filter (where not is_part_of_its_kind) as low,
        arg_min(count_best, best_order) filter (where not is_part_of_its_kind and count_best is not null) as best,
        arg_min(claim_id, best_order) filter (where not is_part_of_its_kind and count_best is not null) as best_claim_id,
        arg_min(claimant_kind, best_order) filter (where not is_part_of_its_kind and count_best is not null) as best_kind,
        max(count_most) filter (where not is_part_of_its_kind) as most,
        -- The greatest is open where a claim that reaches it has no upper bound.
        arg_max(is_open_high, row(count_most, is_open_high)) filter (
            where not is_part_of_its_kind and count_most is not null
        ) as is_open,
        min(best_order) as best_order
    from said
    group by event_state_id, harm, victim
    having bool_or(not is_part_of_its_kind)
),

depths as (
    select
        victim,
        max(distance) as depth
    from {{ ref('int_victims__lines') }}
    where distance >= 0
    group by victim
),

-- The total is the topmost category with a number; every other lies in the nearest category above it, else in the total.
placed as (
    select
        c.*,
        row_number() over (
            partition by c.event_state_id order by c.low is null, d.depth, c.low desc, c.victim
        ) = 1 as is_total
    from categories as c
    left join depths as d using (victim)
),

lines as (
    select
        c.event_state_id,
        c.victim,
        arg_min(up.victim, l.distance) as above
    from placed as c
    inner join {{ ref('int_victims__lines') }} as l on c.victim = l.victim and l.distance > 0
    -- A category that nobody gave a number for has no share, and can hold no part of the total either.
    inner join placed as up
        on
            c.event_state_id = up.event_state_id
            and l.other = up.victim
            and up.low is not null
    group by c.event_state_id, c.victim
),

tree as (
    select
        p.*,
        case when not p.is_total then coalesce(l.above, t.victim) end as above
    from placed as p
    inner join placed as t on p.event_state_id = t.event_state_id and t.is_total
    left join lines as l on p.event_state_id = l.event_state_id and p.victim = l.victim
    -- A category without any number has no share to name.
    where p.is_total or p.low is not null
),

-- A whole is never less than its parts, whoever counted them. The tree is three categories deep at most.
raised_once as (
    {{ raised_to_parts('tree') }}
),

raised as (
    {{ raised_to_parts('raised_once') }}
),

parts as (
    {{ parts_of('raised') }}
),

rests as (
    select
        w.event_state_id,
        w.cluster_id,
        w.harm,
        w.victim,
        w.is_total,
        w.best_claim_id,
        w.best_kind,
        p.above is not null as has_parts,
        w.low as whole_low,
        w.best as whole_best,
        w.most as whole_most,
        w.is_open as is_whole_open,
        w.low - coalesce(p.low, 0) as low,
        -- With a part nobody gave a number for, the rest has none either.
        case when p.above is null or p.is_every_best_known then w.best - coalesce(p.best, 0) end as best,
        w.most - coalesce(p.most, 0) as most,
        w.is_open or coalesce(p.is_open, false) as is_open
    from raised as w
    left join parts as p on w.event_state_id = p.event_state_id and w.victim = p.above
)

select
    event_state_id,
    cluster_id,
    harm,
    victim as victim_within,
    case when has_parts and is_total then 'unspecified' else victim end as victim,
    has_parts as is_rest,
    is_total,
    best_claim_id,
    best_kind,
    coalesce(low, 0) as low,
    best,
    case when not is_open then most end as high,
    most as high_stated,
    coalesce(is_open, true) as is_open_high,
    coalesce(whole_low, 0) as whole_low,
    whole_best,
    case when not is_whole_open then whole_most end as whole_high
from rests
