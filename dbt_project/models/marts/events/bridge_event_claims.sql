{{ config(
    materialized='incremental',
    on_schema_change='fail',
    pre_hook="{{ forget_units('int_events__now', 'event_id') }}",
    post_hook="{{ remember_units('int_events__now') }}",
) }}
-- depends_on: {{ ref('int_events__now') }}, {{ source('meta', 'followed') }}

select
    {{ content_hash(['event_id', 'claim_id']) }} as event_claim_id,
    event_id,
    claim_id,
    kind,
    case when is_denial then 'denies' else 'supports' end as relation,
    is_standing,
    is_best,
    is_admission,
    claimant_group,
    match_reason,
    matched_claim_id
from {{ ref('int_event_claims__matched') }}
{% if is_incremental() %}
    where event_id in {{ units_to_build('int_events__now') }}
{% endif %}
union all
select
    {{ content_hash(['event_id', 'claim_id']) }} as event_claim_id,
    event_id,
    claim_id,
    'territorial_change' as kind,
    'refines' as relation,
    false as is_standing,
    false as is_best,
    false as is_admission,
    claimant_group,
    match_reason,
    matched_claim_id
from {{ ref('int_territorial_events__circumstances') }}
{% if is_incremental() %}
    where event_id in {{ units_to_build('int_events__now') }}
{% endif %}
