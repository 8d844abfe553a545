{{ config(
    materialized='incremental',
    on_schema_change='fail',
    pre_hook="{{ forget_events() }}",
    post_hook=["{{ remember_units('int_events__now') }}", "{{ remember_units('int_names__now') }}"],
) }}
-- depends_on: {{ ref('int_events__now') }}, {{ ref('int_names__now') }}, {{ source('meta', 'followed') }}

select
    f.event_id,
    f.force as force_kind,
    e.actor,
    f.actor_side,
    coalesce(o.name, 'origin not told') as origin,
    coalesce(e.place, 'destination not told') as destination,
    e.place,
    e.conflict,
    e.country,
    e.region,
    e.claimant,
    e.claimant_kind,
    f.grade,
    f.date_start,
    f.date_prec,
    e.week,
    f.count_low,
    f.count_best,
    f.count_high,
    f.is_open_high,
    f.number_of_claimants,
    e.quote,
    e.title,
    e.url
from {{ ref('fct_reinforcement_events') }} as f
inner join (
    select * from {{ ref('bi_events') }}
    {{ where_event_changed('event_id') }}
) as e
    on f.event_id = e.event_id
left join {{ ref('dim_place') }} as o on f.origin_id = o.place_id
{{ where_event_changed('f.event_id') }}
