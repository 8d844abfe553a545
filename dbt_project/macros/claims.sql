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

{# Post-hook of int_claims__clusters: rows of changed documents that were not built again are of claims no longer there. #}
{% macro forget_claims_that_are_gone() %}
    {% if is_incremental() %}
        delete from {{ this }}
        where document_id in {{ units_to_build('int_documents__now') }} and changed_in < {{ own_number() }}
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

{# Columns of a claim of any kind in its fact table, before those of its own kind and after them. #}
{% macro said_columns() %}
    {{ return([
        'claim_id', 'article_id', 'document_id', 'story_id', 'outlet_id', 'conflict_id', 'status', 'claimant_id',
        'claimant_text', 'claimant_group', 'claim_rank', 'is_admission', 'quote', 'quote_start', 'quote_end', 'mention_count',
        'date_start', 'date_end', 'date_text', 'date_prec', 'date_basis', 'has_date_conflict',
    ] | join(', ')) }}
{% endmacro %}

{% macro known_columns() %}
    {{ return([
        'published_at', 'known_from', 'known_to', 'is_current', 'is_rejected', 'is_reviewed', 'confidence', 'rule',
        'extractor_version',
    ] | join(', ')) }}
{% endmacro %}
