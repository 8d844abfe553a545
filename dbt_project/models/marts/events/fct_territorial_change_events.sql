{{ config(
    materialized='incremental',
    on_schema_change='fail',
    pre_hook="{{ forget_units('int_events__now', 'event_id') }}",
    post_hook="{{ remember_units('int_events__now') }}",
) }}
-- depends_on: {{ ref('int_events__now') }}, {{ source('meta', 'followed') }}

select
    event_id,
    place_id,
    change,
    change_family,
    extent,
    gained_by_id,
    gained_side,
    lost_by_id,
    lost_side,
    best_date.first as date_start,
    coalesce(best_date.last, best_date.first) as date_end,
    best_date.prec as date_prec,
    date_start_low,
    date_start_high,
    dating_outlets,
    conflict_id,
    grade,
    best_claim_id,
    number_of_claimants,
    number_of_deniers,
    number_of_stories,
    number_of_articles,
    known_from
from {{ ref('int_events__graded') }}
where
    is_current
    and kind = 'territorial_change'
    {% if is_incremental() %}
        and event_id in {{ units_to_build('int_events__now') }}
    {% endif %}
