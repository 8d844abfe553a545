{{ config(
    materialized='incremental',
    on_schema_change='fail',
    pre_hook="{{ forget_units('int_events__now', 'event_id') }}",
    post_hook="{{ remember_units('int_events__now') }}",
) }}
-- depends_on: {{ ref('int_events__now') }}, {{ source('meta', 'followed') }}

select
    {{ content_hash(['e.event_id', 'c.harm', 'c.victim', 'c.victim_within']) }} as casualty_event_id,
    e.event_id,
    c.harm,
    c.victim,
    c.victim_within,
    c.is_rest,
    n.victim is not null as is_civilian,
    c.low as count_low,
    c.best as count_best,
    c.high as count_high,
    c.is_open_high,
    c.high_stated as count_high_stated,
    c.best_kind as best_basis,
    c.best_claim_id,
    e.best_date.first as date_start,
    coalesce(e.best_date.last, e.best_date.first) as date_end,
    e.best_date.prec as date_prec,
    e.date_start_low,
    e.date_start_high,
    e.dating_outlets,
    e.place_id,
    e.conflict_id,
    e.perpetrator_id,
    e.grade,
    e.number_of_claimants,
    e.number_of_deniers,
    e.number_of_stories,
    e.number_of_articles,
    e.known_from
from {{ ref('int_events__graded') }} as e
inner join {{ ref('int_casualty_events__counted') }} as c using (event_state_id)
left join {{ ref('int_victims__lines') }} as n
    on
        c.victim_within = n.victim
        and n.other = 'civilians'
        and n.distance >= 0
where
    e.is_current
    {% if is_incremental() %}
        and e.event_id in {{ units_to_build('int_events__now') }}
    {% endif %}
