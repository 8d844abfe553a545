{# A lake (DuckLake) keeps `not null` of a contract; its keys and checks are left to the data tests, which say the same. #}
{% macro duckdb__get_table_columns_and_constraints() -%}
    {%- if not adapter.is_ducklake(this) -%}
        {{ return(table_columns_and_constraints()) }}
    {%- endif -%}
    {%- set columns = [] -%}
    {%- for column in model['columns'].values() -%}
        {%- set kept = column.get('constraints', []) | selectattr('type', 'equalto', 'not_null') | list | length -%}
        {%- do columns.append(
            adapter.quote(column['name']) ~ ' ' ~ column['data_type'] ~ (' not null' if kept else '')
        ) -%}
    {%- endfor -%}
    {{ return('(' ~ columns | join(', ') ~ ')') }}
{%- endmacro %}

{# A lake keeps comments on tables, views and the columns of tables, but none on the columns of a view. #}
{% macro duckdb__persist_docs(relation, model, for_relation, for_columns) -%}
    {%- set has_comments_on_columns = not adapter.is_ducklake(relation) or model.config.materialized != 'view' -%}
    {{ return(default__persist_docs(relation, model, for_relation, for_columns and has_comments_on_columns)) }}
{%- endmacro %}
