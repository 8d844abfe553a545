{{ config(
    materialized='incremental',
    pre_hook="{{ forget_units('int_documents__now', 'document_id') }}",
    post_hook="{{ remember_units('int_documents__now') }}",
) }}
-- depends_on: {{ ref('int_documents__now') }}, {{ source('meta', 'followed') }}

-- The war a claim belongs to: one fought in the country of its place on its day, by the parties it names where there
-- are several, else by those its article names, else the one that began last; without a place, one its parties fight in.
with claims as (
    select
        c.claim_version_id,
        c.article_id,
        c.document_id,
        coalesce(c.date_end, a.said_on) as day,
        coalesce(p.country, o.country) as country,
        list_filter(
            [c.perpetrator_id, c.actor_id, c.gained_by_id, c.lost_by_id, c.claimant_id], lambda x: x is not null
        ) as actor_ids
    from {{ ref('int_claims__known') }} as c
    inner join {{ ref('int_articles__versions') }} as a using (article_id)
    left join {{ ref('int_places__regions') }} as p on c.place_id = p.place_id
    left join {{ ref('int_places__regions') }} as o on c.origin_id = o.place_id
    {% if is_incremental() %}
        where c.document_id in {{ units_to_build('int_documents__now') }}
    {% endif %}
),

parties as (
    select distinct
        c.claim_version_id,
        c.article_id,
        s.conflict_id,
        s.actor_id
    from (select
        claim_version_id,
        article_id,
        day,
        unnest(actor_ids) as actor_id
    from claims) as c
    inner join {{ ref('int_actors__sides') }} as s using (actor_id)
    where (s.valid_from is null or s.valid_from <= c.day) and (s.valid_to is null or s.valid_to > c.day)
),

of_claim as (
    select
        claim_version_id,
        conflict_id,
        count(*) as parties
    from parties group by all
),

of_article as (
    select
        article_id,
        conflict_id,
        count(distinct actor_id) as parties
    from parties group by all
),

candidates as (
    select
        c.claim_version_id,
        w.conflict_id,
        true as is_in_country
    from claims as c
    inner join {{ ref('ref_conflict_countries') }} as w using (country)
    union
    select
        claim_version_id,
        conflict_id,
        false as is_in_country
    from of_claim
    where claim_version_id in (select c.claim_version_id from claims as c where c.country is null)
)

select
    d.claim_version_id,
    any_value(c.document_id) as document_id,
    arg_max(
        d.conflict_id,
        row(
            d.is_in_country, coalesce(p.parties, 0), coalesce(o.parties, 0), coalesce(w.valid_from, date '0001-01-01'),
            d.conflict_id
        )
    ) as conflict_id
from candidates as d
inner join claims as c using (claim_version_id)
inner join {{ ref('ref_conflicts') }} as w using (conflict_id)
left join of_claim as p using (claim_version_id, conflict_id)
left join of_article as o using (article_id, conflict_id)
where (w.valid_from is null or w.valid_from <= c.day) and (w.valid_to is null or w.valid_to > c.day)
group by d.claim_version_id
