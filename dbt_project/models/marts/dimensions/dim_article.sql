-- The war of an article is that of most of its claims.
with wars as (
    select
        article_id,
        arg_max(conflict_id, (number_of_claims, conflict_id)) as conflict_id
    from (
        select
            article_id,
            conflict_id,
            count(*) as number_of_claims
        from {{ ref('int_claims__versions') }}
        where conflict_id is not null
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
    where is_latest_reading
)

select
    a.article_id,
    a.document_id,
    a.version_number,
    a.story_id,
    count(distinct a.document_id) over (partition by a.story_id) as number_of_copies,
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
from {{ ref('int_articles__versions') }} as a
left join wars as w using (article_id)
left join readings as r using (article_id)
