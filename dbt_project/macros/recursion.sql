{#
DuckDB's `using key` makes a recursive query keep one row a key and update it, which is what spreading the least label
over a graph needs. sqlfluff can't parse it: for the linter this macro is empty (.sqlfluff).
#}
{% macro using_key(columns) -%} using key ({{ columns }}) {%- endmacro %}
