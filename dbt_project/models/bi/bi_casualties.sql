{{ config(
    materialized='incremental',
    on_schema_change='fail',
    pre_hook="{{ forget_events() }}",
    post_hook=["{{ remember_units('int_events__now') }}", "{{ remember_units('int_names__now') }}"],
) }}
-- depends_on: {{ ref('int_events__now') }}, {{ ref('int_names__now') }}, {{ source('meta', 'followed') }}

with parts as (
    select * from {{ ref('fct_casualty_events') }}
    {{ where_event_changed('event_id') }}
),

events as (
    select * from {{ ref('bi_events') }}
    {{ where_event_changed('event_id') }}
),

claims as (
    select * from {{ ref('bi_claims') }}
    {{ where_event_changed('event_id') }}
)

select
    f.casualty_event_id,
    f.event_id,
    f.harm,
    f.victim,
    cast(f.count_low as bigint) as count_low,
    cast(f.count_best as bigint) as count_best,
    cast(f.count_high as bigint) as count_high,
    f.is_open_high,
    cast(f.count_high_stated as bigint) as count_high_stated,
    e.conflict,
    e.country,
    e.region,
    e.place,
    e.actor,
    c.claimant,
    c.claimant_kind,
    f.grade,
    f.date_start,
    f.date_prec,
    e.week,
    f.number_of_claimants,
    f.number_of_articles,
    c.quote
from parts as f
inner join events as e on f.event_id = e.event_id
left join claims as c on f.best_claim_id = c.claim_id
