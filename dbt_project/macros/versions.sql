{# The UTC day of the run, passed in as FRONTLINE_NOW where a run plays another day, as a date's text. #}
{% macro day_of_run() -%}
    {%- if execute -%}
        {{ (env_var('FRONTLINE_NOW', '') or run_started_at.strftime('%Y-%m-%d'))[:10] }}
    {%- else -%}
        1970-01-01
    {%- endif -%}
{%- endmacro %}

{#
Post-hook of fct_changes: what its newest version says of an entity is what the next build is compared with. The table is a
memory, like fct_changes itself, so a full refresh keeps it.
#}
{% macro remember_entities() %}
    create or replace temp table entities_changed as
    select
        entity,
        entity_id
    from {{ this }}
    where
        version_number = (select max(version_number) from {{ this }})
        -- What this build did not compare is remembered already.
        and entity_id not in (select u.entity_id from {{ ref('int_entities__untouched') }} as u);
    delete from {{ source('meta', 'entities_as_built') }} as b
    using entities_changed as c
    where b.entity = c.entity and b.entity_id = c.entity_id;
    insert into {{ source('meta', 'entities_as_built') }}
    select n.entity, n.entity_id, n.attributes, n.article_ids
    from {{ ref('int_entities__now') }} as n
    inner join entities_changed as c using (entity, entity_id);
    drop table entities_changed
{% endmacro %}

{# The condition that an interval of control may have changed since the last version; none of it is kept where a log is whole. #}
{% macro is_control_to_compare() -%}
    (
        place_id in {{ units_to_build('int_control__now', 'fct_changes') }}
        or place_id in {{ units_to_build('int_control__wholes_now', 'fct_changes') }}
        or {{ is_whole('int_control__wholes_now', 'fct_changes') }}
    )
{%- endmacro %}

{# Pre-hook of fct_revisions: delete the revisions of changed events, and those that are always made anew. #}
{% macro forget_revisions() %}
    {% if is_incremental() %}
        delete from {{ this }}
        where
            entity_id in {{ units_to_build('int_events__now') }}
            or {{ is_whole('int_events__now') }}
            or entity = 'toll'
            or reason in ('new_rule', 'new_reference')
    {% else %}
        select 1
    {% endif %}
{% endmacro %}
