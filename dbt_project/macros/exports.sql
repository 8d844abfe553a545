{# The version of the data, which every export carries (marts.dim_dataset_version). #}
{% macro dataset_version() -%}
    (select arg_max(latest.dataset_version, latest.version_number) from {{ ref('dim_dataset_version') }} as latest)
{%- endmacro %}

{# The name of each actor as it is called now; one row an actor. #}
{% macro actor_names() -%}
    (
        select
            actor_id,
            name
        from {{ ref('dim_actor') }}
        where is_current_name
    )
{%- endmacro %}

{# A GeoJSON point (RFC 7946: longitude first) from a row of dim_place; null where it is drawn nowhere. #}
{% macro geojson_point(p) -%}
    case
        when {{ p }}.point_latitude is not null and {{ p }}.point_longitude is not null
            then { 'type': 'Point', 'coordinates': [{{ p }}.point_longitude, {{ p }}.point_latitude] }
    end
{%- endmacro %}

{# What point_prec says in words. #}
{% macro where_prec_text(p) -%}
    case {{ p }}.point_prec
        when 1 then 'the place itself'
        when 2 then 'in or near the place whose point it is'
        when 3 then 'a second-level division'
        when 4 then 'a first-level division'
        when 5 then 'a road, river, front or region'
        when 6 then 'a country'
        when 7 then 'waters'
    end
{%- endmacro %}

{# What date_prec says in words. #}
{% macro date_prec_text(e) -%}
    case {{ e }}.date_prec
        when 1 then 'the day'
        when 2 then 'two to six days'
        when 3 then 'a week'
        when 4 then 'a month'
        when 5 then 'longer than a month'
    end
{%- endmacro %}

{# The distinct texts of a group in their order; as lists, in half the time of string_agg(distinct ... order by ...). #}
{% macro distinct_texts(expression) -%}
    array_to_string(nullif(list_sort(list_distinct(list({{ expression }}))), []), '; ')
{%- endmacro %}
