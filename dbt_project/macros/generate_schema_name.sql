{# A model lives in the schema it names (staging, intermediate, marts, ...), without dbt's target prefix. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}
