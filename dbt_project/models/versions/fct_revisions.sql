{{ config(
    materialized='incremental',
    on_schema_change='fail',
    pre_hook="{{ forget_revisions() }}",
    post_hook="{{ remember_units('int_events__now') }}",
) }}
-- depends_on: {{ ref('int_events__now') }}, {{ source('meta', 'followed') }}

-- An event or toll that changed after it was first known: one row for each attribute that did, with the claim that came or
-- went on that day to name as the reason.
with tolls as (
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
            unnest(['toll_low', 'toll_best', 'toll_high']) as attribute,
            unnest([
                cast(latest.low as varchar), cast(latest.best as varchar), cast(latest.high as varchar)
            ]) as new_value
        from {{ ref('int_tolls__states') }}
    )
    window of_attribute as (partition by toll_id, attribute order by known_from)
),

changes as (
    select
        event_id as entity_id,
        kind || '_event' as entity,
        known_from,
        attribute,
        new_value,
        old_value
    from {{ ref('int_events__revised') }}
    {% if is_incremental() %}
        where event_id in {{ units_to_build('int_events__now') }}
    {% endif %}
    union all
    select
        entity_id,
        entity,
        known_from,
        attribute,
        new_value,
        old_value
    from tolls
    where has_old and old_value is distinct from new_value
),

-- The claims an event or toll had at any time, of those that came or went on a day on which it changed.
members as (
    select distinct
        e.event_id as entity_id,
        e.claim_version_id
    from {{ ref('int_events__evidence') }} as e
    where
        e.event_id in (select r.event_id from {{ ref('int_events__revised') }} as r)
        {% if is_incremental() %}
            and e.event_id in {{ units_to_build('int_events__now') }}
        {% endif %}
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
            { 'article_id': r.article_id, 'reason': r.reason },
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
),

-- What other rules, or other reference tables, made of the same words is known from the day of the build that first did.
rewritten as (
    select
        c.entity,
        c.entity_id,
        v.built_on,
        v.version_number,
        c.reason,
        c.action,
        unnest(case
            when c.action = 'changed' then c.attributes
            else [{
                'attribute': 'event',
                'old_value': case when c.action = 'removed' then c.entity_id end,
                'new_value': case when c.action = 'added' then c.entity_id end
            }]
        end) as attribute
    from {{ ref('fct_changes') }} as c
    inner join {{ ref('dim_dataset_version') }} as v using (version_number)
    where c.reason in ('new_rule', 'new_reference') and c.entity <> 'control' and v.version_number > 1
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
union all
select
    {{ content_hash(['entity_id', 'attribute.attribute', 'built_on', "'rewritten'"]) }} as revision_id,
    entity,
    entity_id,
    attribute.attribute as attribute,
    arg_min_null(attribute.old_value, version_number) as old_value,
    arg_max_null(attribute.new_value, version_number) as new_value,
    built_on as known_from,
    null as article_id,
    arg_max(reason, version_number) as reason
from rewritten
where
    attribute.attribute in (
        'event', 'count_low', 'count_best', 'count_high', 'toll_low', 'toll_best', 'toll_high', 'grade', 'date_start',
        'date_end', 'place_id', 'perpetrator_id', 'origin_id', 'change', 'extent', 'gained_by_id', 'lost_by_id'
    )
group by entity, entity_id, attribute.attribute, built_on
