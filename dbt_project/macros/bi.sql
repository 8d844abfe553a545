{# The weekly date that charts group by: Monday of the week, null where the day is known to a month or coarser. #}
{% macro week_of(date_column, precision_column) -%}
    case when {{ precision_column }} <= 3 then cast(date_trunc('week', {{ date_column }}) as date) end
{%- endmacro %}

{# UCDP's precision of a place in words. #}
{% macro precision_in_words(where_prec) -%}
    case {{ where_prec }}
        when 1 then '1 the place itself'
        when 2 then '2 near the place, or a part of it'
        when 3 then '3 a district'
        when 4 then '4 a province'
        when 5 then '5 a region or road'
        when 6 then '6 the country'
        when 7 then '7 waters'
        else 'no place known'
    end
{%- endmacro %}
