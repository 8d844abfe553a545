{{ config(
    materialized='incremental',
    incremental_strategy='append',
    full_refresh=false,
    on_schema_change='fail',
    post_hook=[
        "{{ remember_entities() }}", "{{ remember_units('int_events__now') }}", "{{ remember_units('int_control__now') }}",
        "{{ remember_units('int_control__wholes_now') }}",
    ],
) }}

-- What this build made of every event, toll and interval of control, beside what the one before had made of it.
with version as (
    select
        version_number,
        dataset_version,
        lag(last_change_number, 1, 0) over by_number as change_number_before,
        lag(rules_version) over by_number as rules_before,
        rules_version <> rules_before as is_of_other_rules,
        lag(reference_version) over by_number <> reference_version as is_of_other_references,
        lag(reviews_version) over by_number <> reviews_version as is_of_other_reviews
    from {{ ref('dim_dataset_version') }}
    window by_number as (order by version_number)
    qualify row_number() over (order by version_number desc) = 1
),

-- What happened to a document since the build before, for each of its versions, the gravest first.
touched as (
    select
        coalesce(a.article_id, c.article_id) as article_id,
        case
            when bool_or(c.change = 'withdrawn') then 'withdrawn_article'
            when bool_or(c.change = 'loaded' and v.version_number > 1) then 'corrected_article'
            when not bool_or(c.change = 'loaded') then 'new_extractor'
            else 'new_claim'
        end as reason,
        arg_max(c.article_id, c.change_number) as cause_id
    from {{ ref('stg_raw__changes') }} as c
    left join {{ ref('int_articles__versions') }} as v on c.article_id = v.article_id
    left join {{ ref('int_articles__versions') }} as a on c.document_id = a.document_id
    where c.change_number > (select b.change_number_before from version as b)
    group by coalesce(a.article_id, c.article_id)
),

compared as (
    select
        coalesce(n.entity, b.entity) as entity,
        coalesce(n.entity_id, b.entity_id) as entity_id,
        case when b.entity is null then 'added' when n.entity is null then 'removed' else 'changed' end as action,
        b.attributes as old_attributes,
        n.attributes as new_attributes,
        list_concat(n.article_ids, b.article_ids) as article_ids
    from {{ ref('int_entities__now') }} as n
    full join (
        select * from {{ source('meta', 'entities_as_built') }}
        where entity_id not in (select u.entity_id from {{ ref('int_entities__untouched') }} as u)
    ) as b
        on n.entity = b.entity and n.entity_id = b.entity_id
    where n.attributes is distinct from b.attributes
),

causes as (
    select
        c.entity,
        c.entity_id,
        arg_min(
            { 'reason': t.reason, 'article_id': t.cause_id },
            row(
                list_position(['withdrawn_article', 'corrected_article', 'new_extractor', 'new_claim'], t.reason), t.cause_id
            )
        ) as cause
    from (
        select
            entity,
            entity_id,
            unnest(article_ids) as article_id
        from compared
    ) as c
    inner join touched as t using (article_id)
    group by c.entity, c.entity_id
),

differences as (
    select
        entity,
        entity_id,
        list({ 'attribute': attribute, 'old_value': old_value, 'new_value': new_value } order by attribute) as attributes
    from (
        select
            entity,
            entity_id,
            attribute,
            old_attributes ->> attribute as old_value,
            new_attributes ->> attribute as new_value
        from (
            select
                *,
                unnest(list_distinct(list_concat(json_keys(old_attributes), json_keys(new_attributes)))) as attribute
            from compared
            where action = 'changed'
        )
    )
    where old_value is distinct from new_value
    group by entity, entity_id
)

select
    {{ content_hash(['c.entity', 'c.entity_id', 'v.version_number']) }} as change_id,
    v.version_number,
    v.dataset_version,
    c.entity,
    c.entity_id,
    c.action,
    d.attributes,
    case
        when w.cause.reason is not null then w.cause.reason
        when v.is_of_other_rules then 'new_rule'
        when v.is_of_other_references then 'new_reference'
        when v.is_of_other_reviews then 'review'
        else 'new_claim'
    end as reason,
    w.cause.article_id as article_id
from compared as c
cross join version as v
left join differences as d using (entity, entity_id)
left join causes as w using (entity, entity_id)
