{{ config(
    materialized='incremental',
    on_schema_change='fail',
    pre_hook="{{ forget_units('int_documents__now', 'document_id') }}",
    post_hook="{{ remember_units('int_documents__now') }}",
) }}
-- depends_on: {{ ref('int_documents__now') }}, {{ source('meta', 'followed') }}

select
    {{ said_columns() }},
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
    {{ known_columns() }}
from {{ ref('int_claims__versions') }}
where
    kind = 'reinforcement'
    {% if is_incremental() %}
        and document_id in {{ units_to_build('int_documents__now') }}
    {% endif %}
-- A claim as it was last known.
qualify row_number() over (partition by claim_id order by known_from desc, is_current desc, claim_version_id) = 1
