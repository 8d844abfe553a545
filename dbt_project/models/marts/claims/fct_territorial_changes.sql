{{ config(
    materialized='incremental',
    on_schema_change='fail',
    pre_hook="{{ forget_units('int_documents__now', 'document_id') }}",
    post_hook="{{ remember_units('int_documents__now') }}",
) }}
-- depends_on: {{ ref('int_documents__now') }}, {{ source('meta', 'followed') }}

select
    {{ said_columns() }},
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
    {{ known_columns() }}
from {{ ref('int_claims__versions') }}
where
    kind = 'territorial_change'
    {% if is_incremental() %}
        and document_id in {{ units_to_build('int_documents__now') }}
    {% endif %}
-- A claim as it was last known.
qualify row_number() over (partition by claim_id order by known_from desc, is_current desc, claim_version_id) = 1
