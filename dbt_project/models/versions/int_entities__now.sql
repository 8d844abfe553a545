{{ config(materialized='view', schema='intermediate', contract={'enforced': false}) }}

-- depends_on: {{ ref('int_events__now') }}, {{ ref('int_control__now') }}, {{ ref('int_control__wholes_now') }}
-- depends_on: {{ source('meta', 'followed') }}

-- Every event, toll and interval of control that may have changed since the last version, as it stands, each with its
-- attributes as one JSON object and the articles its claims stand in, so that one build can be compared with the one before.
with said as (
    {{ every_claim('claim_id, article_id') }}
),

evidence as (
    select
        b.event_id,
        list_sort(list(distinct s.article_id)) as article_ids
    from {{ ref('bridge_event_claims') }} as b
    inner join said as s using (claim_id)
    where b.event_id in {{ units_to_build('int_events__now', 'fct_changes') }}
    group by b.event_id
),

casualties as (
    select
        event_id,
        any_value(harm) as harm,
        {{ sum_of_bounds('count') }},
        string_agg(
            victim || ' ' || count_low || '/' || coalesce(cast(count_best as varchar), '?') || '/'
            || coalesce(cast(count_high as varchar), '?'), '; ' order by victim, casualty_event_id
        ) as parts,
        any_value(grade) as grade,
        any_value(date_start) as date_start,
        any_value(date_end) as date_end,
        any_value(date_prec) as date_prec,
        any_value(place_id) as place_id,
        any_value(conflict_id) as conflict_id,
        any_value(perpetrator_id) as perpetrator_id,
        any_value(number_of_claimants) as number_of_claimants,
        any_value(number_of_deniers) as number_of_deniers,
        any_value(number_of_stories) as number_of_stories,
        any_value(number_of_articles) as number_of_articles,
        any_value(known_from) as known_from
    from {{ ref('fct_casualty_events') }}
    where event_id in {{ units_to_build('int_events__now', 'fct_changes') }}
    group by event_id
),

events as (
    select
        'casualty_event' as entity,
        event_id,
        cast(to_json(c) as varchar) as attributes
    from casualties as c
    union all
    select
        'reinforcement_event' as entity,
        event_id,
        cast(to_json(r) as varchar) as attributes
    from {{ ref('fct_reinforcement_events') }} as r
    where event_id in {{ units_to_build('int_events__now', 'fct_changes') }}
    union all
    select
        'territorial_change_event' as entity,
        event_id,
        cast(to_json(t) as varchar) as attributes
    from {{ ref('fct_territorial_change_events') }} as t
    where event_id in {{ units_to_build('int_events__now', 'fct_changes') }}
),

control as (
    select *
    from {{ ref('fct_place_control') }}
    where {{ is_control_to_compare() }}
),

articles_of_control as (
    select
        p.control_id,
        list_sort(list(distinct s.article_id)) as article_ids
    from (
        select
            control_id,
            unnest(claim_ids) as claim_id
        from control
    ) as p
    inner join said as s using (claim_id)
    group by p.control_id
)

select
    e.entity,
    e.event_id as entity_id,
    e.attributes,
    coalesce(v.article_ids, []) as article_ids
from events as e
left join evidence as v using (event_id)
union all
select
    'toll' as entity,
    k.toll_id as entity_id,
    cast(to_json(k) as varchar) as attributes,
    [s.article_id] as article_ids
from {{ ref('fct_casualty_tolls') }} as k
inner join said as s using (claim_id)
union all
select
    'control' as entity,
    p.control_id as entity_id,
    cast(to_json(p) as varchar) as attributes,
    coalesce(i.article_ids, []) as article_ids
from control as p
left join articles_of_control as i using (control_id)
