-- An event or toll that changed after it was first known: one row for each attribute that did.
with attributes as (
    select
        event_id as entity_id,
        kind || '_event' as entity,
        known_from,
        attribute,
        value as new_value,
        lag(value) over of_attribute as old_value,
        lag(known_from) over of_attribute is not null as has_old
    from {{ ref('int_events__attributes') }}
    window of_attribute as (partition by event_id, attribute order by known_from)
),

tolls as (
    select
        toll_id as entity_id,
        'toll' as entity,
        known_from,
        attribute,
        new_value,
        lag(new_value) over of_attribute as old_value,
        lag(known_from) over of_attribute is not null as has_old
    from (
        select
            toll_id,
            known_from,
            unnest(['low', 'best', 'high']) as attribute,
            unnest([
                cast(latest.low as varchar), cast(latest.best as varchar), cast(latest.high as varchar)
            ]) as new_value
        from {{ ref('int_tolls__states') }}
    )
    window of_attribute as (partition by toll_id, attribute order by known_from)
),

-- Stretches in which an event stands, and what became of it where one ends: taken back, or one with an older event.
standing as (
    select
        event_id,
        event_state_id,
        kind,
        known_from,
        known_to,
        lead(known_from) over (partition by event_id order by known_from) as next_known_from
    from {{ ref('int_events__graded') }}
),

ends as (
    select
        s.event_id,
        s.kind,
        s.known_to,
        min(o.event_id) filter (where o.event_id <> s.event_id) as taken_into,
        s.next_known_from
    from standing as s
    inner join {{ ref('int_events__evidence') }} as e using (event_state_id)
    left join {{ ref('int_events__evidence') }} as o
        on
            e.claim_id = o.claim_id
            and o.state_known_from <= s.known_to
            and (o.state_known_to is null or o.state_known_to > s.known_to)
    where s.known_to is not null and s.next_known_from is distinct from s.known_to
    group by s.event_id, s.event_state_id, s.kind, s.known_to, s.next_known_from
),

lives as (
    select
        event_id as entity_id,
        kind || '_event' as entity,
        known_to as known_from,
        case when taken_into is null then 'event' else 'merged_into' end as attribute,
        taken_into as new_value,
        event_id as old_value,
        true as has_old
    from ends
    union all
    select
        event_id as entity_id,
        kind || '_event' as entity,
        next_known_from as known_from,
        'event' as attribute,
        event_id as new_value,
        null as old_value,
        true as has_old
    from ends
    where next_known_from is not null
),

changes as (
    select * from attributes
    union all
    select * from tolls
    union all
    select * from lives
),

-- The claims an event or toll had at any time, to name the one that came or went on the day.
members as (
    select distinct
        event_id as entity_id,
        claim_version_id
    from {{ ref('int_events__evidence') }}
    union
    select
        toll_id as entity_id,
        latest.claim_version_id as claim_version_id
    from {{ ref('int_tolls__states') }}
),

causes as (
    select
        m.entity_id,
        r.day,
        arg_min(
            {'article_id': r.article_id, 'reason': r.reason},
            row(
                list_position(
                    ['withdrawn_article', 'corrected_article', 'review', 'new_extractor', 'new_claim'], r.reason
                ),
                r.article_id
            )
        ) as cause
    from members as m
    inner join {{ ref('int_claims__reasons') }} as r using (claim_version_id)
    group by m.entity_id, r.day
)

select
    {{ content_hash(['c.entity_id', 'c.attribute', 'c.known_from']) }} as revision_id,
    c.entity,
    c.entity_id,
    c.attribute,
    c.old_value,
    c.new_value,
    c.known_from,
    w.cause.article_id as article_id,
    coalesce(w.cause.reason, 'new_claim') as reason
from changes as c
left join causes as w
    on
        c.entity_id = w.entity_id
        and c.known_from = w.day
where c.has_old and c.old_value is distinct from c.new_value
