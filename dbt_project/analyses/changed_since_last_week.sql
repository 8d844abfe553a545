-- What changed in the warehouse since last week, and why: articles that landed, were corrected or withdrawn, and every event,
-- toll and interval of control that came, changed or went, with the article or the rule behind it. The week ends with the
-- newest build; the first build ever is left out, for to it everything is new.
with builds as (
    select
        version_number,
        built_on
    from {{ published('dim_dataset_version') }}
    qualify built_on > max(built_on) over () - 7
),

articles as (
    select
        landed_on as day,
        case when version_number > 1 then 'article corrected' else 'article landed' end as what,
        article_id,
        outlet_id,
        title
    from {{ published('dim_article') }}
    union all
    select
        known_to as day,
        'article replaced or withdrawn' as what,
        article_id,
        outlet_id,
        title
    from {{ published('dim_article') }}
    where known_to is not null
),

told as (
    select
        event_id as entity_id,
        place_id,
        coalesce(date_start, date_end) as day
    from {{ published('fct_casualty_events') }}
    union all
    select
        event_id as entity_id,
        destination_id as place_id,
        coalesce(date_start, date_end) as day
    from {{ published('fct_reinforcement_events') }}
    union all
    select
        event_id as entity_id,
        place_id,
        coalesce(date_start, date_end) as day
    from {{ published('fct_territorial_change_events') }}
    union all
    select
        toll_id as entity_id,
        place_id,
        as_of as day
    from {{ published('fct_casualty_tolls') }}
    union all
    select
        control_id as entity_id,
        place_id,
        coalesce(valid_from, valid_to) as day
    from {{ published('fct_place_control') }}
),

changed as (
    select
        c.*,
        b.built_on,
        unnest(coalesce(c.attributes, [{ 'attribute': null, 'old_value': null, 'new_value': null }])) as attribute
    from {{ published('fct_changes') }} as c
    inner join builds as b using (version_number)
    where c.version_number > 1
)

select
    a.day,
    a.what,
    null as place_id,
    null as happened_on,
    null as attribute,
    null as old_value,
    null as new_value,
    null as reason,
    null as entity_id,
    a.article_id,
    a.outlet_id,
    a.title
from articles as a
where a.day > (select max(b.built_on) from builds as b) - 7 and a.day <= (select max(b.built_on) from builds as b)
union all
select distinct
    c.built_on as day,
    replace(c.entity, '_', ' ') || ' ' || c.action as what,
    t.place_id,
    t.day as happened_on,
    c.attribute.attribute as attribute,
    c.attribute.old_value as old_value,
    c.attribute.new_value as new_value,
    c.reason,
    c.entity_id,
    c.article_id,
    a.outlet_id,
    a.title
from changed as c
left join told as t using (entity_id)
left join {{ published('dim_article') }} as a on c.article_id = a.article_id
order by day, what, place_id, entity_id, attribute
