{#
How an incremental model remembers how far it has come, and fct_changes what was built before: tables in the schema `meta`.

meta.progress: one row a model that follows raw.changes: the last change_number it has worked in.
meta.built_units: one row a model and unit (a block of claims, a cluster, a place): the fingerprint of what the unit
was built from. A unit is built again where its fingerprint is new or another, and deleted where it is no longer there.

meta.entities_as_built: one row an event, toll or interval of control as the last build left it (macros/versions.sql).

All are written by the model's own post-hook, in the transaction that writes the model, so a killed run forgets
nothing and claims nothing. None holds a time of the clock.
#}
{% macro create_progress_table() %}
    create schema if not exists {{ target.database }}.meta;
    create table if not exists {{ target.database }}.meta.progress (model varchar not null, change_number bigint not null);
    create table if not exists {{ target.database }}.meta.built_units (
        model varchar not null, unit_id varchar not null, fingerprint varchar not null
    );
    create table if not exists {{ target.database }}.meta.entities_as_built (
        entity varchar not null, entity_id varchar not null, attributes varchar not null, article_ids varchar[] not null
    )
{% endmacro %}

{# The last change the model has worked in, 0 where it has not been built. #}
{% macro last_change(model_name) %}
    coalesce((select p.change_number from {{ source('meta', 'progress') }} as p where p.model = '{{ model_name }}'), 0)
{% endmacro %}

{# Post-hook: the model has now worked in every change that raw.changes holds. #}
{% macro remember_changes() %}
    delete from {{ source('meta', 'progress') }} where model = '{{ this.identifier }}';
    insert into {{ source('meta', 'progress') }}
    select '{{ this.identifier }}', coalesce(max(change_number), 0) from {{ source('raw', 'changes') }}
{% endmacro %}

{# Post-hook: the model is now built from the units of `units` (columns unit_id, fingerprint). #}
{% macro remember_units(units) %}
    {% if is_incremental() %}
        create or replace temp table units_built_now as
        {{ changed_units(units, this.identifier) }};
        delete from {{ source('meta', 'built_units') }}
        where model = '{{ this.identifier }}' and unit_id in (select unit_id from units_built_now);
        insert into {{ source('meta', 'built_units') }}
        select '{{ this.identifier }}', unit_id, fingerprint from {{ ref(units) }}
        where unit_id in (select unit_id from units_built_now);
        drop table units_built_now
    {% else %}
        delete from {{ source('meta', 'built_units') }} where model = '{{ this.identifier }}';
        insert into {{ source('meta', 'built_units') }} select '{{ this.identifier }}', unit_id, fingerprint from {{ ref(units) }}
    {% endif %}
{% endmacro %}

{# The units of `units` that the model asking has to build, as a list for `in`. #}
{% macro units_to_build(units) -%}
    (select unit_id from ({{ changed_units(units, this.identifier) }}))
{%- endmacro %}

{# Pre-hook: delete the rows of the units that the model is about to build, and of those that are gone. #}
{% macro forget_units(units, unit_column) %}
    {% if is_incremental() %}
        delete from {{ this }} where {{ unit_column }} in {{ units_to_build(units) }}
    {% else %}
        select 1
    {% endif %}
{% endmacro %}

{# Pre-hook: delete the rows of units that changed or are gone, so that appending what they give now is enough. #}
{% macro delete_changed_units(changed, unit_column) %}
    {% if is_incremental() %}
        delete from {{ this }} where {{ unit_column }} in (select unit_id from {{ ref(changed) }})
    {% else %}
        select 1
    {% endif %}
{% endmacro %}

{#
Units of `units` (unit_id, fingerprint) that `model_name` has not built as they are now: new ones, changed ones, and
those left empty, which no insert would ever touch again.
#}
{% macro changed_units(units, model_name) %}
select
    coalesce(n.unit_id, b.unit_id) as unit_id,
    n.unit_id is null as is_left_empty
from {{ ref(units) }} as n
full join (
    select unit_id, fingerprint from {{ source('meta', 'built_units') }} where model = '{{ model_name }}'
) as b on n.unit_id = b.unit_id
where n.fingerprint is distinct from b.fingerprint
{% endmacro %}

{# FRONTLINE_MEMORY_LIMIT ('6GB') bounds what DuckDB keeps in memory; without it that is four fifths of the machine's. #}
{% macro limit_memory() %}
    {% if execute and env_var('FRONTLINE_MEMORY_LIMIT', '') %}
        set global memory_limit = '{{ env_var('FRONTLINE_MEMORY_LIMIT') | replace("'", "") }}'
    {% endif %}
{% endmacro %}
