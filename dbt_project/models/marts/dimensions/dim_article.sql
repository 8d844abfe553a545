{{ config(
    materialized='incremental',
    on_schema_change='fail',
    pre_hook="{{ forget_units('int_documents__now', 'document_id') }}",
    post_hook="{{ remember_units('int_documents__now') }}",
) }}
-- depends_on: {{ ref('int_documents__now') }}, {{ source('meta', 'followed') }}

-- The war of an article is that of most of its claims.
with articles as (
    select *
    from {{ ref('int_articles__versions') }}
    {% if is_incremental() %}
        where document_id in {{ units_to_build('int_documents__now') }}
    {% endif %}
),

copies as (
    select
        story_id,
        count(distinct document_id) as number_of_copies
    from {{ ref('int_articles__versions') }}
    where story_id in (select a.story_id from articles as a)
    group by story_id
),

wars as (
    select
        article_id,
        arg_max(conflict_id, (number_of_claims, conflict_id)) as conflict_id
    from (
        select
            article_id,
            conflict_id,
            count(*) as number_of_claims
        from {{ ref('int_claims__versions') }}
        where conflict_id is not null and article_id in (select a.article_id from articles as a)
        group by article_id, conflict_id
    )
    group by article_id
),

readings as (
    select
        article_id,
        extractor_version,
        number_of_claims
    from {{ ref('int_articles__readings') }}
    where is_latest_reading and article_id in (select a.article_id from articles as a)
)

select
    a.article_id,
    a.document_id,
    a.version_number,
    a.story_id,
    c.number_of_copies,
    a.outlet_id,
    a.source_id,
    w.conflict_id,
    a.url,
    a.title,
    a.language,
    a.published_at,
    a.published_basis,
    a.updated_at,
    a.landed_on,
    a.known_from,
    a.known_to,
    a.is_current,
    r.extractor_version,
    r.number_of_claims,
    a.text_length
from articles as a
inner join copies as c using (story_id)
left join wars as w using (article_id)
left join readings as r using (article_id)
