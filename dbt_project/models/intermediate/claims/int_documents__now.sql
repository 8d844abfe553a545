-- A document's claims are built again where it landed, was read or was withdrawn again, where its story got another first
-- outlet, where a person reviewed one of its claims, or where the reference tables changed.
with logged as (
    select
        document_id,
        max(change_number) as change_number
    from {{ ref('stg_raw__changes') }}
    group by document_id
),

versions as (
    select
        document_id,
        bit_xor(hash(article_id, known_from, known_to, story_id, story_outlet, outlet_id, worded_at, said_on)) as versions_hash
    from {{ ref('int_articles__versions') }}
    group by document_id
),

reviewed as (
    select
        a.document_id,
        bit_xor(hash(r)) as reviews_hash
    from {{ ref('reviews') }} as r
    inner join {{ ref('int_claims__resolved') }} as c using (claim_id)
    inner join {{ ref('stg_raw__articles') }} as a using (article_id)
    group by a.document_id
)

select
    v.document_id as unit_id,
    concat_ws('/', l.change_number, v.versions_hash, r.reviews_hash, n.fingerprint) as fingerprint
from versions as v
cross join {{ ref('int_reference__now') }} as n
left join logged as l using (document_id)
left join reviewed as r using (document_id)
