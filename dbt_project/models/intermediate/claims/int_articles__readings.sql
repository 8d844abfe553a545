{{ config(
    materialized='incremental',
    pre_hook="{{ forget_units('int_documents__now', 'document_id') }}",
    post_hook="{{ remember_units('int_documents__now') }}",
) }}
-- depends_on: {{ ref('int_documents__now') }}, {{ source('meta', 'followed') }}

-- The extractor versions that read an article, in the order of the log; the last is current.
with reads as (
    select
        article_id,
        extractor_version,
        arg_max(number_of_claims, change_number) as number_of_claims,
        min(changed_on) as changed_on,
        max(change_number) as change_number
    from {{ ref('stg_raw__changes') }}
    where
        change = 'read'
        {% if is_incremental() %}
            and document_id in {{ units_to_build('int_documents__now') }}
        {% endif %}
    group by article_id, extractor_version
),

ordered as (
    select
        *,
        row_number() over (partition by article_id order by change_number) as reading_number,
        lead(changed_on) over (partition by article_id order by change_number) as next_read_on
    from reads
)

select
    r.article_id,
    a.document_id,
    r.extractor_version,
    r.reading_number,
    r.number_of_claims,
    -- What the first reading found was known with the article; a later reading's from the day it was made.
    case when r.reading_number = 1 then a.known_from else greatest(a.known_from, r.changed_on) end as known_from,
    least(a.known_to, case when r.next_read_on is not null then greatest(a.known_from, r.next_read_on) end) as known_to,
    r.next_read_on is null as is_latest_reading
from ordered as r
inner join {{ ref('int_articles__versions') }} as a using (article_id)
