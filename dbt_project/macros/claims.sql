{# Columns that make two mentions in one article the same claim; null equals null. #}
{% macro slot_columns() %}
    {{ return([
        'kind', 'status', 'claimant_id', 'date_start', 'date_end', 'place_id', 'count_low', 'count_best', 'count_high',
        'harm', 'victim', 'scope', 'perpetrator_id', 'subset_of', 'force', 'actor_id', 'unit_text', 'count_group',
        'origin_id', 'via_id', 'change', 'extent', 'gained_by_id', 'lost_by_id',
    ]) }}
{% endmacro %}

{% macro slots() -%} {{ slot_columns() | join(', ') }} {%- endmacro %}

{# Pre-hook of int_claims__resolved: forget what changed articles gave; the model then appends what they give now. #}
{% macro delete_changed_articles() %}
    {% if is_incremental() %}
        delete from {{ this }} where article_id in (select article_id from {{ ref('int_articles__changed') }})
    {% else %}
        select 1
    {% endif %}
{% endmacro %}

{# What makes two toll claims the same toll (rule 12); as-of is the period's end, else the day it was said. #}
{% macro toll_key(c) -%}
    {{ content_hash([
        'coalesce(' ~ c ~ '.claimant_id, ' ~ c ~ '.claimant_group)', c ~ '.harm', c ~ '.victim', c ~ '.scope',
        c ~ '.place_id', c ~ '.date_start', 'coalesce(' ~ c ~ '.date_end, ' ~ c ~ '.said_on)',
    ]) }}
{%- endmacro %}
