{{ config(
    materialized='incremental',
    pre_hook="{{ forget_units('int_documents__now', 'document_id') }}",
    post_hook="{{ remember_units('int_documents__now') }}",
) }}
-- depends_on: {{ ref('int_documents__now') }}, {{ source('meta', 'followed') }}

-- Why a stretch of a claim began, and why it ended: what to name where an event changes with it (rule 24).
with claims as (
    select
        c.claim_version_id,
        c.claim_id,
        c.article_id,
        c.document_id,
        c.is_reviewed,
        c.known_from,
        c.known_to,
        a.version_number,
        a.known_from as article_known_from,
        a.replaced_on,
        a.withdrawn_on
    from {{ ref('int_claims__known') }} as c
    inner join {{ ref('int_articles__versions') }} as a using (article_id)
    {% if is_incremental() %}
        where c.document_id in {{ units_to_build('int_documents__now') }}
    {% endif %}
),

reviews as (
    select distinct
        claim_id,
        known_from as reviewed_on
    from claims
    where is_reviewed
)

select
    c.claim_version_id,
    c.article_id,
    c.document_id,
    c.known_from as day,
    case
        when c.is_reviewed and c.known_from > c.article_known_from then 'review'
        when c.known_from > c.article_known_from then 'new_extractor'
        when c.version_number > 1 then 'corrected_article'
        else 'new_claim'
    end as reason
from claims as c
union all
select
    c.claim_version_id,
    c.article_id,
    c.document_id,
    c.known_to as day,
    case
        when c.known_to = c.withdrawn_on then 'withdrawn_article'
        when c.known_to = c.replaced_on then 'corrected_article'
        when r.claim_id is not null then 'review'
        else 'new_extractor'
    end as reason
from claims as c
left join reviews as r
    on
        c.claim_id = r.claim_id
        and c.known_to = r.reviewed_on
where c.known_to is not null
