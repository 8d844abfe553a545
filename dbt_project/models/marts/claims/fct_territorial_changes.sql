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
    change,
    place_id,
    place_text,
    extent,
    gained_by_id,
    gained_by_text,
    is_gained_by_inferred,
    gained_side,
    lost_by_id,
    lost_by_text,
    is_lost_by_inferred,
    lost_side,
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
    kind = 'territorial_change'
    {% if is_incremental() %}
        and document_id in {{ units_to_build('int_documents__now') }}
    {% endif %}
-- A claim as it was last known.
qualify row_number() over (partition by claim_id order by known_from desc, is_current desc, claim_version_id) = 1
