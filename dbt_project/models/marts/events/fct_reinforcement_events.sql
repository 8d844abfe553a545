{{ config(
    materialized='incremental',
    on_schema_change='fail',
    pre_hook="{{ forget_units('int_events__now', 'event_id') }}",
    post_hook="{{ remember_units('int_events__now') }}",
) }}
-- depends_on: {{ ref('int_events__now') }}, {{ source('meta', 'followed') }}

select
    e.event_id,
    e.actor_id,
    e.actor_side,
    e.force,
    e.count_low,
    e.count_best,
    case when not e.is_open_high then e.count_high_stated end as count_high,
    coalesce(e.is_open_high, false) as is_open_high,
    e.count_high_stated,
    e.best_basis,
    e.best_claim_id,
    e.origin_id,
    e.via_id,
    e.place_id as destination_id,
    e.best_date.first as date_start,
    coalesce(e.best_date.last, e.best_date.first) as date_end,
    e.best_date.prec as date_prec,
    e.date_start_low,
    e.date_start_high,
    e.dating_outlets,
    g.overlap_group,
    e.conflict_id,
    e.grade,
    e.number_of_claimants,
    e.number_of_deniers,
    e.number_of_stories,
    e.number_of_articles,
    e.known_from
from {{ ref('int_events__graded') }} as e
inner join {{ ref('int_reinforcement_events__grouped') }} as g using (event_id)
where
    e.is_current
    and e.kind = 'reinforcement'
    {% if is_incremental() %}
        and e.event_id in {{ units_to_build('int_events__now') }}
    {% endif %}
