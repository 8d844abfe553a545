{#
How an incremental model remembers how far it has come, and fct_changes what was built before: tables in the schema `meta`.

meta.progress: one row a model that follows raw.changes: the last change_number it has worked in.

Everything after them follows logs of units: models that hold a row for each unit of work (a document, a cluster, an event, a
place) with changed_in, the number of the log's own building that last found it changed, new or gone. A model that follows a
log deletes and builds again what changed since the number it followed last; so a day costs what is new in it.
meta.followed: one row a model and log it follows: the last number it has worked in; of a log itself, its own last number.
Numbers only grow, also through a full refresh: a log that was built from nothing is newer than all its followers, which then
forget everything (`is_whole`), for it no longer tells what is gone.

meta.entities_as_built: one row an event, toll or interval of control as the last build left it (macros/versions.sql).

All are written by the model's own post-hook, in the transaction that writes the model, so a killed run forgets
nothing and claims nothing. None holds a time of the clock.
#}
{% macro create_progress_table() %}
    create schema if not exists {{ target.database }}.meta;
    create table if not exists {{ target.database }}.meta.progress (model varchar not null, change_number bigint not null);
    create table if not exists {{ target.database }}.meta.followed (
        model varchar not null, units varchar not null, number bigint not null
    );
    drop table if exists {{ target.database }}.meta.built_units;
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

{# The number of `units` that `model_name` (by default the model asking) has worked in last, 0 where it has not. #}
{% macro last_number(units, model_name=none) -%}
    coalesce((
        select max(f.number) from {{ source('meta', 'followed') }} as f
        where f.model = '{{ model_name or this.identifier }}' and f.units = '{{ units }}'
    ), 0)
{%- endmacro %}

{# The number that the log asking gives what it finds changed now. #}
{% macro own_number() -%} {{ last_number(this.identifier) }} + 1 {%- endmacro %}

{# Post-hook of a log: its own number has been used. #}
{% macro remember_own_number() %}
    insert into {{ source('meta', 'followed') }} select '{{ this.identifier }}', '{{ this.identifier }}', {{ own_number() }};
    delete from {{ source('meta', 'followed') }}
    where model = '{{ this.identifier }}' and units = '{{ this.identifier }}' and number < {{ last_number(this.identifier) }}
{% endmacro %}

{# Post-hook: the model has now worked in all that the log `units` holds. #}
{% macro remember_units(units) %}
    delete from {{ source('meta', 'followed') }} where model = '{{ this.identifier }}' and units = '{{ units }}';
    insert into {{ source('meta', 'followed') }}
    select '{{ this.identifier }}', '{{ units }}', {{ last_number(units, units) }}
{% endmacro %}

{# The units of the log `units` that changed since `model_name` worked in it, as a list for `in`. #}
{% macro units_to_build(units, model_name=none) -%}
    (select u.unit_id from {{ ref(units) }} as u where u.changed_in > {{ last_number(units, model_name) }})
{%- endmacro %}

{#
The rows that a log adds where it knows its units by a fingerprint (`units`: unit_id, fingerprint): those that are new or
changed, and with a null fingerprint those that are gone.
#}
{% macro changed_units(units) -%}
    {% if is_incremental() -%}
    select
        coalesce(n.unit_id, k.unit_id) as unit_id,
        n.fingerprint,
        {{ own_number() }} as changed_in
    from {{ units }} as n
    full join {{ this }} as k on n.unit_id = k.unit_id
    where n.fingerprint is distinct from k.fingerprint
{%- else -%}
    select
        unit_id,
        fingerprint,
        {{ own_number() }} as changed_in
    from {{ units }}
    {%- endif %}
{%- endmacro %}

{# True where nothing in the log is as old as what `model_name` worked in: then all of it is to be built, and nothing kept. #}
{% macro is_whole(units, model_name=none) -%}
    not exists (select 1 from {{ ref(units) }} as u where u.changed_in <= {{ last_number(units, model_name) }})
{%- endmacro %}

{# Pre-hook: delete the rows of the units that the model is about to build, and of those that are gone. #}
{% macro forget_units(units, unit_column) %}
    {% if is_incremental() %}
        delete from {{ this }}
        where {{ unit_column }} in {{ units_to_build(units) }} or ({{ unit_column }} is not null and {{ is_whole(units) }})
    {% else %}
        select 1
    {% endif %}
{% endmacro %}

{#
    FRONTLINE_MEMORY_LIMIT ('6GB') bounds what DuckDB keeps in memory; without it that is 6 GiB, so that a machine of 8 does
    for a million claims, or four fifths of a smaller machine's, as DuckDB sets it. What does not fit goes to the disk.
#}
{% macro limit_memory() %}
    {% if execute %}
        {% set own = run_query("select current_setting('memory_limit')").rows[0][0].split(' ') %}
        {% set is_more = own[1] == 'TiB' or (own[1] == 'GiB' and own[0] | float > 6) %}
        {% set limit = env_var('FRONTLINE_MEMORY_LIMIT', '') or ('6GiB' if is_more else '') %}
        {% if limit %}
            set global memory_limit = '{{ limit | replace("'", "") }}'
        {% endif %}
    {% endif %}
{% endmacro %}
