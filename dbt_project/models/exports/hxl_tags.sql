-- The hashtags of the HXL exports, from the columns' own descriptions, so that they stand in one place.
{%- set rows = [] -%}
{%- if execute -%}
    {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.name.startswith('hxl_') -%}
        {%- for column in node.columns.values() if column.config.meta.hxl -%}
            {%- do rows.append([node.name, loop.index, column.name, column.config.meta.hxl]) -%}
        {%- endfor -%}
    {%- endfor -%}
{%- endif %}

select
    t.table_name,
    cast(t.column_order as integer) as column_order,
    t.column_name,
    t.hxl_tag,
    {{ dataset_version() }} as dataset_version
from (
    values
    {% for row in rows | sort -%}
        ('{{ row[0] }}', {{ row[1] }}, '{{ row[2] }}', '{{ row[3] }}'){{ "," if not loop.last }}
    {% else -%}
        (null, null, null, null)
    {% endfor %}
) as t (table_name, column_order, column_name, hxl_tag)
where t.table_name is not null
