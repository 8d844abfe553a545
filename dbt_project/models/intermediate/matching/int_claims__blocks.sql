{{ config(
    materialized='incremental',
    pre_hook="{{ forget_units('int_documents__now', 'document_id') }}",
    post_hook="{{ remember_units('int_documents__now') }}",
) }}
-- depends_on: {{ ref('int_documents__now') }}, {{ source('meta', 'followed') }}

-- Kind x first-level division x month, for each month a claim may meet others in; and the claim's story, where claims
-- without a date or a place are matched.
with claims as (
    select * from {{ ref('int_claims__matchable') }}
    {% if is_incremental() %}
        where document_id in {{ units_to_build('int_documents__now') }}
    {% endif %}
),

in_months as (
    select
        claim_version_id,
        claim_hash,
        document_id,
        kind || '/' || region_id as region_key,
        cast(unnest(generate_series(
            date_trunc('month', reach_first), cast(reach_last as timestamp), interval 1 month
        )) as date) as block_month,
        cast(date_trunc('month', reach_first) as date) as first_month
    from claims
    where region_id is not null
)

select
    claim_version_id,
    claim_hash,
    document_id,
    region_key || '/' || strftime(block_month, '%Y-%m') as block_id,
    block_month,
    first_month
from in_months
union all
select
    claim_version_id,
    claim_hash,
    document_id,
    kind || '/story/' || story_id as block_id,
    null as block_month,
    null as first_month
from claims
