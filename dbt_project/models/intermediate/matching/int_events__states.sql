{{ config(
    materialized='incremental',
    pre_hook="{{ forget_units('int_clusters__now', 'cluster_id') }}",
    post_hook="{{ remember_units('int_clusters__now') }}",
) }}
-- depends_on: {{ ref('int_clusters__now') }}, {{ source('meta', 'followed') }}

-- Events as they were known on every day on which anything about them changed: the components of what was visible then.
with recursive claims as materialized (
    select
        c.cluster_id,
        c.is_alone,
        m.claim_version_id,
        m.claim_id,
        m.kind,
        m.article_id,
        m.place_id,
        m.place_line,
        m.victim,
        m.match_first,
        m.match_last,
        m.is_denial,
        m.known_from,
        m.known_to,
        -- The order in which a block is worked through, for every tie.
        row_number() over (
            partition by c.cluster_id order by m.match_first nulls last, m.date_prec nulls last, m.claim_id, m.claim_version_id
        ) as place_in_order
    from {{ ref('int_claims__clusters') }} as c
    inner join {{ ref('int_claims__matchable') }} as m using (claim_version_id)
    {% if is_incremental() %}
        where c.cluster_id in {{ units_to_build('int_clusters__now') }}
    {% endif %}
),

days as (
    select
        cluster_id,
        day,
        lead(day) over (partition by cluster_id order by day) as next_day
    from (
        select
            cluster_id,
            known_from as day
        from claims where not is_alone
        union
        select
            cluster_id,
            known_to as day
        from claims where not is_alone and known_to is not null
    )
),

visible as materialized (
    select
        d.cluster_id,
        d.day,
        c.claim_version_id
    from days as d
    inner join claims as c
        on
            d.cluster_id = c.cluster_id
            and d.day >= c.known_from
            and (c.known_to is null or d.day < c.known_to)
),

-- Both ways, with what is asked of the far end.
edges as materialized (
    select
        h.cluster_id,
        h.kind,
        h.match_last - h.match_first as here_days,
        e.here,
        e.there,
        e.edge_kind,
        e.answer_id,
        e.distance,
        t.place_in_order as there_order,
        t.is_denial as is_there_denial,
        t.claim_id as there_claim_id,
        t.article_id as there_article_id,
        t.place_id as there_place_id,
        t.place_line as there_place_line,
        t.victim as there_victim,
        t.match_first as there_first,
        t.match_last as there_last
    from (
        select
            claim_a as here,
            claim_b as there,
            edge_kind,
            answer_id,
            distance
        from {{ ref('int_claims__edges') }}
        union all
        select
            claim_b as here,
            claim_a as there,
            edge_kind,
            answer_id,
            distance
        from {{ ref('int_claims__edges') }}
    ) as e
    inner join claims as h on e.here = h.claim_version_id
    inner join claims as t on e.there = t.claim_version_id
),

-- Pairs of neighbours of a claim, the nearer first.
neighbours as materialized (
    select
        e.here as claim_version_id,
        e.there as near_id,
        f.there as far_id,
        e.kind,
        e.there_victim as near_victim,
        f.there_victim as far_victim,
        e.there_article_id = f.there_article_id as is_one_article,
        e.there_place_id is not null
        and f.there_place_id is not null
        and not list_contains(e.there_place_line, f.there_place_id)
        and not list_contains(f.there_place_line, e.there_place_id) as are_apart,
        e.here_days >= 6 and (e.there_last < f.there_first or f.there_last < e.there_first) as are_at_other_times
    from edges as e
    inner join edges as f on e.here = f.here
    where
        e.there <> f.there
        and e.there_claim_id <> f.there_claim_id
        and e.edge_kind <> 'subset'
        and f.edge_kind <> 'subset'
        and row(e.distance, e.there_order) < row(f.distance, f.there_order)
),

-- Two claims that are not one event, whatever a third says: told apart by their article, places that are siblings, or
-- two dates that a coarse third holds both of. (Civilians and fighters are not rivals: they are parts of a total.)
-- The nearer is the better match of the third; the farther is let go.
rivals as (
    select
        n.claim_version_id,
        n.near_id,
        n.far_id
    from neighbours as n
    left join edges as friends on n.near_id = friends.here and n.far_id = friends.there
    left join {{ ref('int_victims__lines') }} as v on n.near_victim = v.victim and n.far_victim = v.other
    where
        (n.is_one_article or n.are_apart or n.are_at_other_times)
        and friends.here is null
        and (n.kind <> 'casualty' or v.victim is not null)
),

-- An undated answer answers one affirmation: its own story's, else the nearest.
better_answers as (
    select
        e.here as claim_version_id,
        f.there as near_id,
        e.there as far_id
    from edges as e
    inner join edges as f on e.here = f.here and e.there <> f.there
    where
        e.edge_kind = 'answer'
        and e.answer_id = e.here
        and not f.is_there_denial
        and (
            f.edge_kind = 'story'
            or (f.edge_kind = 'answer' and f.answer_id = f.here and (f.distance, f.there_order) < (e.distance, e.there_order))
        )
),

let_go as materialized (
    select distinct
        v.day,
        r.claim_version_id as here,
        r.far_id as there
    from (
        select * from rivals
        union all
        select * from better_answers
    ) as r
    inner join visible as v on r.claim_version_id = v.claim_version_id
    inner join visible as near on v.day = near.day and v.cluster_id = near.cluster_id and r.near_id = near.claim_version_id
),

live as materialized (
    select
        h.cluster_id,
        h.day,
        e.here,
        e.there
    from edges as e
    inner join visible as h on e.here = h.claim_version_id
    inner join visible as t on h.day = t.day and h.cluster_id = t.cluster_id and e.there = t.claim_version_id
    where
        not exists (select 1 from let_go as l where l.day = h.day and l.here = e.here and l.there = e.there)
        and not exists (select 1 from let_go as l where l.day = h.day and l.here = e.there and l.there = e.here)
),

-- The least label reaches most of a component in one step. What it does not is spread over the labels alone, a graph so
-- much smaller that its steps cost nothing beside those over all claims and days.
firsts as materialized (
    select
        v.cluster_id,
        v.day,
        v.claim_version_id,
        least(v.claim_version_id, min(l.there)) as label
    from visible as v
    left join live as l on v.day = l.day and v.claim_version_id = l.here
    group by v.cluster_id, v.day, v.claim_version_id
),

bonds as materialized (
    select distinct
        h.day,
        h.label as here,
        t.label as there
    from live as l
    inner join firsts as h on l.day = h.day and l.here = h.claim_version_id
    inner join firsts as t on l.day = t.day and l.there = t.claim_version_id
    where h.label <> t.label
),

spread (day, claim_version_id, label) {{ using_key('day, claim_version_id') }} as (
    select
        day,
        here as claim_version_id,
        least(here, min(there)) as label
    from bonds
    group by day, here
    union
    select
        bonds.day,
        bonds.there as claim_version_id,
        min(spread.label) as label
    from spread
    inner join bonds on spread.day = bonds.day and spread.claim_version_id = bonds.here
    inner join recurring.spread as known on bonds.day = known.day and bonds.there = known.claim_version_id
    where spread.label < known.label
    group by bonds.day, bonds.there
),

labels as (
    select
        f.cluster_id,
        f.day,
        f.claim_version_id,
        coalesce(s.label, f.label) as label
    from firsts as f
    left join spread as s on f.day = s.day and f.label = s.claim_version_id
),

-- An event keeps the id of its first-known member, also after that member was replaced by a corrected version.
ids_in_reach as (
    select
        l.cluster_id,
        l.day,
        l.label,
        c.claim_id,
        c.known_from,
        min((own.known_from, own.claim_id)) as own_first
    from labels as l
    inner join claims as own on l.claim_version_id = own.claim_version_id
    inner join (
        select
            here,
            there
        from edges
        union all
        select
            claim_version_id as here,
            claim_version_id as there
        from claims
    ) as e on l.claim_version_id = e.here
    inner join claims as c on e.there = c.claim_version_id
    where
        c.known_from <= l.day
        and (e.here = e.there or c.known_to <= l.day)
    group by l.cluster_id, l.day, l.label, c.claim_id, c.known_from
),

-- Where two events are left of one, the one with the older member keeps the id.
ids as (
    select
        cluster_id,
        day,
        label,
        arg_min(claim_id, (known_from, claim_id)) as first_claim_id
    from (
        select *
        from ids_in_reach
        qualify row_number() over (partition by cluster_id, day, claim_id order by own_first, label) = 1
    )
    group by cluster_id, day, label
),

components as (
    select
        l.cluster_id,
        l.day,
        i.first_claim_id,
        list(l.claim_version_id order by l.claim_version_id) as claim_version_ids
    from labels as l
    inner join ids as i on l.cluster_id = i.cluster_id and l.day = i.day and l.label = i.label
    group by l.cluster_id, l.day, l.label, i.first_claim_id
),

-- Days on which an event's members stayed the same are one stretch of knowledge.
marked as (
    select
        c.*,
        d.next_day,
        coalesce(
            c.claim_version_ids = lag(c.claim_version_ids) over of_event
            and c.day = lag(d.next_day) over of_event,
            false
        ) as is_same
    from components as c
    inner join days as d on c.cluster_id = d.cluster_id and c.day = d.day
    window of_event as (partition by c.cluster_id, c.first_claim_id order by c.day)
),

stretches as (
    select
        *,
        sum(cast(not is_same as integer)) over (partition by cluster_id, first_claim_id order by day) as stretch
    from marked
),

known as (
    select
        cluster_id,
        first_claim_id,
        claim_version_ids,
        min(day) as known_from,
        nullif(max(coalesce(next_day, date '9999-12-31')), date '9999-12-31') as known_to
    from stretches
    group by cluster_id, first_claim_id, claim_version_ids, stretch
    union all
    select
        cluster_id,
        claim_id as first_claim_id,
        [claim_version_id] as claim_version_ids,
        known_from,
        known_to
    from claims
    where is_alone
)

select
    {{ content_hash(["'event'", 'k.first_claim_id']) }} as event_id,
    {{ content_hash(["'event'", 'k.first_claim_id', 'k.known_from']) }} as event_state_id,
    k.first_claim_id,
    k.cluster_id,
    c.kind,
    k.claim_version_ids,
    k.known_from,
    k.known_to,
    k.known_to is null as is_current
from known as k
inner join claims as c on k.cluster_id = c.claim_version_id
