{{ config(
    materialized='incremental',
    pre_hook="{{ forget_units('int_clusters__now', 'cluster_id') }}",
    post_hook="{{ remember_units('int_clusters__now') }}",
) }}
-- depends_on: {{ ref('int_clusters__now') }}, {{ source('meta', 'followed') }}

-- Events as they were known on every day on which anything about them changed: the components of what was visible then.
-- Claims travel as numbers, in the order of their ids: half the cost of travelling as text.
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
        row_number() over (order by m.claim_version_id) as number,
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

pairs as materialized (
    select
        a.number as one,
        b.number as other,
        e.edge_kind,
        answer.number as answer_number,
        e.distance,
        greatest(a.known_from, b.known_from) as known_from,
        nullif(
            least(coalesce(a.known_to, date '9999-12-31'), coalesce(b.known_to, date '9999-12-31')), date '9999-12-31'
        ) as known_to
    from {{ ref('int_claims__edges') }} as e
    inner join claims as a on e.claim_a = a.claim_version_id
    inner join claims as b on e.claim_b = b.claim_version_id
    left join claims as answer on e.answer_id = answer.claim_version_id
),

-- Both ways, with what is asked of the far end, and the stretch in which both ends are visible.
edges as materialized (
    select
        h.kind,
        h.place_id as here_place_id,
        h.match_last - h.match_first as here_days,
        e.*,
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
            * exclude (one, other),
            one as here,
            other as there
        from pairs
        union all by name
        select
            * exclude (one, other),
            other as here,
            one as there
        from pairs
    ) as e
    inner join claims as h on e.here = h.number
    inner join claims as t on e.there = t.number
),

{{ who_lets_go() }},

-- Edges that are live on some day: all but those that a nearer one outlasts. Those of replaced versions stay, since an
-- event's id passes over them.
ever_live as materialized (
    select
        p.one,
        p.other,
        p.known_from,
        p.known_to
    from pairs as p
    where
        p.known_to is not null
        or not exists (
            select 1
            from let_go as l
            where l.one = p.one and l.other = p.other and l.known_from <= p.known_from and l.known_to is null
        )
),

-- And the versions of one claim: of two events that lay claim to its id, one gets it.
ties as materialized (
    select
        one,
        other
    from ever_live
    union all
    select
        a.number as one,
        b.number as other
    from claims as a
    inner join claims as b on a.cluster_id = b.cluster_id and a.claim_id = b.claim_id
    where a.number < b.number
),

links as materialized (
    select
        one as here,
        other as there
    from ties
    union all
    select
        other as here,
        one as there
    from ties
),

-- A long war can be one cluster, for a week's count at one place meets the next. What is never joined on any day needs
-- not be looked at on every day on which anything in it changes: parts of a cluster, each with days of its own.
wholes (number, label) {{ using_key('number') }} as (
    select
        here as number,
        least(here, min(there)) as label
    from links
    group by here
    union
    select
        links.there as number,
        min(wholes.label) as label
    from wholes
    inner join links on wholes.number = links.here
    inner join recurring.wholes as known on links.there = known.number
    where wholes.label < known.label
    group by links.there
),

parts as materialized (
    select
        c.number,
        c.cluster_id,
        c.known_from,
        c.known_to,
        coalesce(w.label, c.number) as part
    from claims as c
    left join wholes as w on c.number = w.number
    where not c.is_alone
),

days as materialized (
    select
        part,
        day,
        lead(day) over (partition by part order by day) as next_day
    from (
        select
            part,
            known_from as day
        from parts
        union
        select
            part,
            known_to as day
        from parts where known_to is not null
        union
        -- The nearer one, for which an edge is let go, may be of another part.
        select
            p.part,
            unnest([l.known_from, l.known_to]) as day
        from ever_live as e
        inner join let_go as l on e.one = l.one and e.other = l.other
        inner join parts as p on e.one = p.number
    )
    where day is not null
),

visible as materialized (
    select
        d.part,
        d.day,
        p.number
    from days as d
    inner join parts as p
        on
            d.part = p.part
            and d.day >= p.known_from
            and (p.known_to is null or d.day < p.known_to)
),

-- An edge meets the days of its part in which both ends are visible; joined to what is visible at both ends at once,
-- DuckDB would pair all that is visible on a day first.
live as materialized (
    select
        d.day,
        e.one,
        e.other
    from ever_live as e
    inner join parts as p on e.one = p.number
    inner join days as d
        on
            p.part = d.part
            and e.known_from <= d.day
            and (e.known_to is null or e.known_to > d.day)
    where
        not exists (
            select 1
            from let_go as l
            where
                l.one = e.one
                and l.other = e.other
                and d.day >= l.known_from
                and d.day < coalesce(l.known_to, date '9999-12-31')
        )
),

-- The least label reaches most of a component in one step. What it does not is spread over the labels alone, a graph so
-- much smaller that its steps cost nothing beside those over all claims and days.
firsts as materialized (
    select
        v.part,
        v.day,
        v.number,
        least(v.number, min(l.there)) as label
    from visible as v
    left join (
        select
            day,
            one as here,
            other as there
        from live
        union all
        select
            day,
            other as here,
            one as there
        from live
    ) as l on v.day = l.day and v.number = l.here
    group by v.part, v.day, v.number
),

-- One end after the other, for the same reason.
half_bonds as materialized (
    select distinct
        l.day,
        f.label as here,
        l.other
    from live as l
    inner join firsts as f on l.day = f.day and l.one = f.number
),

joined as materialized (
    select distinct
        h.day,
        h.here,
        f.label as there
    from half_bonds as h
    inner join firsts as f on h.day = f.day and h.other = f.number
    where h.here <> f.label
),

bonds as materialized (
    select * from joined
    union
    select
        day,
        there as here,
        here as there
    from joined
),

spread (day, number, label) {{ using_key('day, number') }} as (
    select
        day,
        here as number,
        least(here, min(there)) as label
    from bonds
    group by day, here
    union
    select
        bonds.day,
        bonds.there as number,
        min(spread.label) as label
    from spread
    inner join bonds on spread.day = bonds.day and spread.number = bonds.here
    inner join recurring.spread as known on bonds.day = known.day and bonds.there = known.number
    where spread.label < known.label
    group by bonds.day, bonds.there
),

labels as materialized (
    select
        f.part,
        f.day,
        f.number,
        coalesce(s.label, f.label) as label
    from firsts as f
    left join spread as s on f.day = s.day and f.label = s.number
),

-- An event keeps the id of its first-known member, also after that member was replaced by a corrected version.
reach as materialized (
    select
        e.here,
        c.claim_id,
        c.known_from,
        c.known_to as gone_on
    from edges as e
    inner join claims as c on e.there = c.number
    where c.known_to is not null
    union all
    select
        number as here,
        claim_id,
        known_from,
        null as gone_on
    from claims
    where not is_alone
),

ids_in_reach as (
    select
        l.part,
        l.day,
        l.label,
        r.claim_id,
        r.known_from,
        min((own.known_from, own.claim_id)) as own_first
    from labels as l
    inner join reach as r on l.number = r.here
    inner join claims as own on l.number = own.number
    where
        r.known_from <= l.day
        and (r.gone_on is null or r.gone_on <= l.day)
    group by l.part, l.day, l.label, r.claim_id, r.known_from
),

-- Where two events are left of one, the one with the older member keeps the id.
ids as (
    select
        part,
        day,
        label,
        arg_min(claim_id, (known_from, claim_id)) as first_claim_id
    from (
        select *
        from ids_in_reach
        qualify row_number() over (partition by part, day, claim_id order by own_first, label) = 1
    )
    group by part, day, label
),

components as (
    select
        l.part,
        l.day,
        i.first_claim_id,
        list(l.number order by l.number) as numbers
    from labels as l
    inner join ids as i on l.part = i.part and l.day = i.day and l.label = i.label
    group by l.part, l.day, l.label, i.first_claim_id
),

-- Days on which an event's members stayed the same are one stretch of knowledge.
marked as (
    select
        c.*,
        d.next_day,
        coalesce(
            c.numbers = lag(c.numbers) over of_event
            and c.day = lag(d.next_day) over of_event,
            false
        ) as is_same
    from components as c
    inner join days as d on c.part = d.part and c.day = d.day
    window of_event as (partition by c.part, c.first_claim_id order by c.day)
),

stretches as (
    select
        *,
        sum(cast(not is_same as integer)) over (partition by part, first_claim_id order by day) as stretch
    from marked
),

stretches_known as (
    select
        row_number() over () as row_id,
        part,
        first_claim_id,
        numbers,
        min(day) as known_from,
        nullif(max(coalesce(next_day, date '9999-12-31')), date '9999-12-31') as known_to
    from stretches
    group by part, first_claim_id, numbers, stretch
),

members as (
    select
        row_id,
        unnest(numbers) as number
    from stretches_known
),

named as (
    select
        m.row_id,
        any_value(c.cluster_id) as cluster_id,
        any_value(c.kind) as kind,
        list(c.claim_version_id order by c.claim_version_id) as claim_version_ids
    from members as m
    inner join claims as c on m.number = c.number
    group by m.row_id
),

known as (
    select
        n.cluster_id,
        n.kind,
        k.first_claim_id,
        n.claim_version_ids,
        k.known_from,
        k.known_to
    from stretches_known as k
    inner join named as n on k.row_id = n.row_id
    union all
    select
        cluster_id,
        kind,
        claim_id as first_claim_id,
        [claim_version_id] as claim_version_ids,
        known_from,
        known_to
    from claims
    where is_alone
)

select
    {{ content_hash(["'event'", 'first_claim_id']) }} as event_id,
    {{ content_hash(["'event'", 'first_claim_id', 'known_from']) }} as event_state_id,
    first_claim_id,
    cluster_id,
    kind,
    claim_version_ids,
    known_from,
    known_to,
    known_to is null as is_current
from known
