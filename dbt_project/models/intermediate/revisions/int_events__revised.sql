{{ config(
    materialized='incremental',
    pre_hook="{{ forget_units('int_clusters__now', 'cluster_id') }}",
    post_hook="{{ remember_units('int_clusters__now') }}",
) }}
-- depends_on: {{ ref('int_clusters__now') }}, {{ source('meta', 'followed') }}

-- What changed of each event after it was first known, from one of its states to the next.
with attributes as (
    select
        event_id,
        cluster_id,
        kind,
        known_from,
        attribute,
        value as new_value,
        lag(value) over of_attribute as old_value,
        lag(known_from) over of_attribute is not null as has_old
    from {{ ref('int_events__attributes') }}
    {% if is_incremental() %}
        where cluster_id in {{ units_to_build('int_clusters__now') }}
    {% endif %}
    window of_attribute as (partition by event_id, attribute order by known_from)
),

-- Stretches in which an event stands, and what became of it where one ends: taken back, or one with an older event.
standing as (
    select
        event_id,
        event_state_id,
        cluster_id,
        kind,
        known_to,
        lead(known_from) over (partition by event_id order by known_from) as next_known_from
    from {{ ref('int_events__graded') }}
    {% if is_incremental() %}
        where cluster_id in {{ units_to_build('int_clusters__now') }}
    {% endif %}
),

ended as (
    select *
    from standing
    where known_to is not null and next_known_from is distinct from known_to
),

ends as (
    select
        s.event_id,
        s.cluster_id,
        s.kind,
        s.known_to,
        s.next_known_from,
        min(o.event_id) filter (where o.event_id <> s.event_id) as taken_into
    from ended as s
    inner join {{ ref('int_events__evidence') }} as e using (event_state_id)
    left join {{ ref('int_events__evidence') }} as o
        on
            e.cluster_id = o.cluster_id
            and e.claim_id = o.claim_id
            and s.known_to >= o.state_known_from
            and (o.state_known_to is null or s.known_to < o.state_known_to)
    group by s.event_id, s.event_state_id, s.cluster_id, s.kind, s.known_to, s.next_known_from
),

lives as (
    select
        event_id,
        cluster_id,
        kind,
        known_to as known_from,
        case when taken_into is null then 'event' else 'merged_into' end as attribute,
        taken_into as new_value,
        event_id as old_value,
        true as has_old
    from ends
    union all
    select
        event_id,
        cluster_id,
        kind,
        next_known_from as known_from,
        'event' as attribute,
        event_id as new_value,
        null as old_value,
        true as has_old
    from ends
    where next_known_from is not null
)

select
    event_id,
    cluster_id,
    kind,
    attribute,
    old_value,
    new_value,
    known_from
from (
    select * from attributes
    union all by name
    select * from lives
)
where has_old and old_value is distinct from new_value
