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

{# True where something that has rows already got another name since the model asking was built. #}
{% macro has_other_names() -%}
    exists (select 1 from {{ ref('int_names__now') }} as u where u.changed_in > {{ last_number('int_names__now') }})
{%- endmacro %}

{# Pre-hook of what charts read: delete the rows of changed events, and all where a name changed. #}
{% macro forget_events() %}
    {% if is_incremental() %}
        delete from {{ this }}
        where
            event_id in {{ units_to_build('int_events__now') }}
            or {{ is_whole('int_events__now') }}
            or {{ has_other_names() }}
    {% else %}
        select 1
    {% endif %}
{% endmacro %}

{# Where a model that charts read is built by days: the rows of events that changed, or of all of them where a name did. #}
{% macro where_event_changed(event_id) -%}
    {% if is_incremental() -%}
        where {{ event_id }} in (
            select u.unit_id from {{ ref('int_events__now') }} as u
            where u.changed_in > {{ last_number('int_events__now') }} or {{ has_other_names() }}
        )
    {%- endif %}
{%- endmacro %}

{# Pre-hook of bi_claims: delete claims of changed documents, those that changed events had or have, all where a name changed. #}
{% macro forget_claims() %}
    {% if is_incremental() %}
        delete from {{ this }}
        where
            article_id in (
                select a.article_id
                from {{ ref('int_articles__versions') }} as a
                where a.document_id in {{ units_to_build('int_documents__now') }}
            )
            or event_id in {{ units_to_build('int_events__now') }}
            or claim_id in (
                select b.claim_id
                from {{ ref('bridge_event_claims') }} as b
                where b.event_id in {{ units_to_build('int_events__now') }}
            )
            or {{ is_whole('int_documents__now') }}
            or {{ is_whole('int_events__now') }}
            or {{ has_other_names() }}
    {% else %}
        select 1
    {% endif %}
{% endmacro %}

{# Where bi_claims is built by days: the rows of claims that are not in it. #}
{% macro where_missing() -%}
    {% if is_incremental() -%}
        where claim_id in (select m.claim_id from missing as m)
    {%- endif %}
{%- endmacro %}
