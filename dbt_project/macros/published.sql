{#
A table by schema and name alone: dbt's own names carry the database's, which differs in the published file. Compiled
analyses so run unchanged on the warehouse and on the published file.
#}
{% macro published(name) -%}
    {%- set relation = ref(name) -%}
    {{ relation.schema }}.{{ relation.identifier }}
{%- endmacro %}

{# Columns that claims of every kind have, of all claims: where they were read, who says it, in which words. #}
{% macro every_claim(columns) -%}
    (
        select {{ columns }} from {{ published('fct_casualties') }}
        union all
        select {{ columns }} from {{ published('fct_reinforcements') }}
        union all
        select {{ columns }} from {{ published('fct_territorial_changes') }}
    )
{%- endmacro %}

{# Columns that events of every kind have, of all events with their kind; of casualties, a row each category of people. #}
{% macro every_event(columns) -%}
    (
        select 'casualty' as kind, {{ columns }} from {{ published('fct_casualty_events') }}
        union all
        select 'reinforcement' as kind, {{ columns }} from {{ published('fct_reinforcement_events') }}
        union all
        select 'territorial_change' as kind, {{ columns }} from {{ published('fct_territorial_change_events') }}
    )
{%- endmacro %}
