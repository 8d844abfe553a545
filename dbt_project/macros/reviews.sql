{# The fields a person may correct in reviews.csv (names of the claim contract) and the columns that hold them. #}
{% macro reviewable_fields() %}
    {{ return({
        'status': ['status', 'varchar'], 'claimant': ['claimant_id', 'varchar'],
        'date_start': ['date_start', 'date'], 'date_end': ['date_end', 'date'], 'date_prec': ['date_prec', 'integer'],
        'place': ['place_id', 'varchar'], 'count_low': ['count_low', 'bigint'], 'count_best': ['count_best', 'bigint'],
        'count_high': ['count_high', 'bigint'], 'harm': ['harm', 'varchar'], 'victim': ['victim', 'varchar'],
        'scope': ['scope', 'varchar'], 'perpetrator': ['perpetrator_id', 'varchar'], 'actor': ['actor_id', 'varchar'],
        'force': ['force', 'varchar'], 'origin': ['origin_id', 'varchar'], 'change': ['change', 'varchar'],
        'extent': ['extent', 'varchar'], 'gained_by': ['gained_by_id', 'varchar'], 'lost_by': ['lost_by_id', 'varchar'],
    }) }}
{% endmacro %}

{# A `replace` list that puts corrections (a map of field to text, '' for null) over the columns they correct. #}
{% macro corrected_columns() -%}
    {%- for field, (column, type) in reviewable_fields().items() %}
        case
            when map_contains(corrected, '{{ field }}') then cast(nullif(corrected['{{ field }}'], '') as {{ type }})
            else {{ column }}
        end as {{ column }}{{ "," if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{# Two readings of the same words speak of the same fact. #}
{% macro same_fact(a, b) -%}
    {{ a }}.harm is not distinct from {{ b }}.harm
    and {{ a }}.victim is not distinct from {{ b }}.victim
    and {{ a }}.force is not distinct from {{ b }}.force
    and {{ a }}.actor_id is not distinct from {{ b }}.actor_id
    and {{ a }}.change is not distinct from {{ b }}.change
{%- endmacro %}
