{{ config(
    materialized='incremental',
    on_schema_change='fail',
    pre_hook="{{ forget_units('int_documents__now', 'document_id') }}",
    post_hook="{{ remember_units('int_documents__now') }}",
) }}
-- depends_on: {{ ref('int_documents__now') }}, {{ source('meta', 'followed') }}

select
    {{ said_columns() }},
    harm,
    count_low,
    count_best,
    count_high,
    count_text,
    count_qualifier,
    victim,
    victim_text,
    scope,
    place_id,
    place_text,
    perpetrator_id,
    perpetrator_text,
    subset_of,
    {{ known_columns() }}
from {{ ref('int_claims__versions') }}
where
    kind = 'casualty'
    {% if is_incremental() %}
        and document_id in {{ units_to_build('int_documents__now') }}
    {% endif %}
-- A claim as it was last known.
qualify row_number() over (partition by claim_id order by known_from desc, is_current desc, claim_version_id) = 1
