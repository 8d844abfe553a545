{{ config(
    materialized='incremental',
    on_schema_change='fail',
    pre_hook="{{ forget_units('int_documents__now', 'document_id') }}",
    post_hook="{{ remember_units('int_documents__now') }}",
) }}
-- depends_on: {{ ref('int_documents__now') }}, {{ source('meta', 'built_units') }}

select
    claim_id,
    article_id,
    document_id,
    story_id,
    outlet_id,
    conflict_id,
    status,
    claimant_id,
    claimant_text,
    claimant_group,
    claim_rank,
    is_admission,
    quote,
    quote_start,
    quote_end,
    mention_count,
    date_start,
    date_end,
    date_text,
    date_prec,
    date_basis,
    has_date_conflict,
    actor_id,
    actor_text,
    actor_side,
    force,
    unit_text,
    count_low,
    count_best,
    count_high,
    count_text,
    count_qualifier,
    count_group,
    origin_id,
    origin_text,
    via_id,
    via_text,
    place_id as destination_id,
    place_text as destination_text,
    published_at,
    known_from,
    known_to,
    is_current,
    is_rejected,
    is_reviewed,
    confidence,
    rule,
    extractor_version
from {{ ref('int_claims__versions') }}
where
    kind = 'reinforcement'
    {% if is_incremental() %}
        and document_id in {{ units_to_build('int_documents__now') }}
    {% endif %}
-- A claim as it was last known.
qualify row_number() over (partition by claim_id order by known_from desc, is_current desc, claim_version_id) = 1
