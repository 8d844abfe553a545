{{ config(
    materialized='incremental',
    pre_hook="{{ forget_units('int_documents__now', 'document_id') }}",
    post_hook="{{ remember_units('int_documents__now') }}",
) }}
-- depends_on: {{ ref('int_documents__now') }}, {{ source('meta', 'followed') }}

-- Readings of an article that found the same claim with the same slots are one stretch of knowledge.
with read as (
    select
        c.* exclude (extractor_version),
        r.extractor_version,
        r.document_id,
        r.reading_number,
        r.known_from,
        r.known_to,
        {{ content_hash(['c.claimant_text', 'c.quote', 'c.date_prec'] + slot_columns()) }} as slots_hash
    from {{ ref('int_claims__resolved') }} as c
    inner join {{ ref('int_articles__readings') }} as r using (article_id, extractor_version)
    {% if is_incremental() %}
        where r.document_id in {{ units_to_build('int_documents__now') }}
    {% endif %}
),

numbered as (
    select
        *,
        reading_number - row_number() over (partition by claim_id, slots_hash order by reading_number) as stretch
    from read
),

stretches as (
    select
        * replace (
            min(known_from) over of_claim as known_from,
            max(coalesce(known_to, date '9999-12-31')) over of_claim as known_to
        ),
        row_number() over (partition by claim_id, slots_hash, stretch order by reading_number desc) as from_latest
    from numbered
    window of_claim as (partition by claim_id, slots_hash, stretch)
),

claims as (
    select
        * exclude (from_latest, known_to),
        nullif(known_to, date '9999-12-31') as known_to
    from stretches
    where from_latest = 1
),

-- A review is of the claim it names, and of the same fact read from the same words by another reading or in another
-- version. Where a reading still has the claim itself, its neighbours in the same words are left alone.
reviewed as (
    select distinct
        c.claim_id,
        c.slots_hash,
        c.stretch,
        c.known_from,
        c.known_to,
        r.verdict,
        coalesce(r.field, '') as field,
        r.value,
        r.reviewed_on
    from {{ ref('reviews') }} as r
    inner join {{ ref('int_claims__resolved') }} as original on r.claim_id = original.claim_id
    inner join {{ ref('stg_raw__articles') }} as a on original.article_id = a.article_id
    inner join claims as c
        on
            a.document_id = c.document_id
            and original.kind = c.kind
            and original.quote = c.quote
    left join claims as itself
        on
            r.claim_id = itself.claim_id
            and c.article_id = itself.article_id
            and c.reading_number = itself.reading_number
    where
        c.claim_id = r.claim_id
        or (itself.claim_id is null and {{ same_fact('original', 'c') }})
),

-- Knowledge of a reviewed claim is cut at each of its reviews.
cuts as (
    select
        claim_id,
        slots_hash,
        stretch,
        known_from as cut_on,
        known_to
    from reviewed
    union
    select
        claim_id,
        slots_hash,
        stretch,
        reviewed_on as cut_on,
        known_to
    from reviewed
    where reviewed_on > known_from and (known_to is null or reviewed_on < known_to)
),

pieces as (
    select
        * exclude (known_to),
        coalesce(lead(cut_on) over (partition by claim_id, slots_hash, stretch order by cut_on), known_to) as next_cut_on
    from cuts
),

latest_words as (
    select
        p.claim_id,
        p.slots_hash,
        p.stretch,
        p.cut_on,
        p.next_cut_on,
        r.field,
        arg_max(coalesce(r.value, ''), r.reviewed_on) as value,
        arg_max(r.verdict, r.reviewed_on) as verdict,
        max(r.reviewed_on) as reviewed_on
    from pieces as p
    left join reviewed as r
        on
            p.claim_id = r.claim_id
            and p.slots_hash = r.slots_hash
            and p.stretch = r.stretch
            and p.cut_on >= r.reviewed_on
    group by p.claim_id, p.slots_hash, p.stretch, p.cut_on, p.next_cut_on, r.field
),

corrections as (
    select
        claim_id,
        slots_hash,
        stretch,
        cut_on,
        next_cut_on,
        coalesce(arg_max(verdict, reviewed_on) filter (where verdict <> 'corrected') = 'rejected', false) as is_rejected,
        bool_or(verdict is not null) as is_reviewed,
        map(
            coalesce(list(field order by field) filter (where verdict = 'corrected'), []),
            coalesce(list(value order by field) filter (where verdict = 'corrected'), [])
        ) as corrected
    from latest_words
    group by claim_id, slots_hash, stretch, cut_on, next_cut_on
),

overlaid as (
    select
        c.* exclude (known_from, known_to),
        coalesce(o.is_rejected, false) as is_rejected,
        coalesce(o.is_reviewed, false) as is_reviewed,
        coalesce(o.cut_on, c.known_from) as known_from,
        case when o.claim_id is null then c.known_to else o.next_cut_on end as known_to,
        coalesce(o.corrected, map([], [])) as corrected
    from claims as c
    left join corrections as o using (claim_id, slots_hash, stretch)
)

select
    * exclude (corrected, slots_hash, stretch, reading_number)
    replace ({{ corrected_columns() }}),
    {{ content_hash(['claim_id', 'slots_hash', 'corrected', 'known_from']) }} as claim_version_id,
    -- What supports nothing: a version that was never current, a claim a person has rejected.
    (known_to is null or known_from < known_to) and not is_rejected as can_support,
    known_to is null as is_current
from overlaid
