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
    where version_number = (select max(version_number) from {{ this }});
    delete from {{ source('meta', 'entities_as_built') }} as b
    using entities_changed as c
    where b.entity = c.entity and b.entity_id = c.entity_id;
    insert into {{ source('meta', 'entities_as_built') }}
    select n.entity, n.entity_id, n.attributes, n.article_ids
    from {{ ref('int_entities__now') }} as n
    inner join entities_changed as c using (entity, entity_id);
    drop table entities_changed
{% endmacro %}
