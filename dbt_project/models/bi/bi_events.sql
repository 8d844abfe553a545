{{ config(
    materialized='incremental',
    on_schema_change='fail',
    pre_hook="{{ forget_events() }}",
    post_hook=["{{ remember_units('int_events__now') }}", "{{ remember_units('int_names__now') }}"],
) }}
-- depends_on: {{ ref('int_events__now') }}, {{ ref('int_names__now') }}, {{ source('meta', 'followed') }}

-- Casualty events have a row per category of people; here an event is one row, so that events can be counted.
with claims as (
    select * from {{ ref('bi_claims') }}
    {{ where_event_changed('event_id') }}
),

casualty_parts as (
    select
        event_id,
        any_value(harm) as what,
        any_value(perpetrator_id) as actor_id,
        cast(null as varchar) as against_id,
        arg_min(best_claim_id, casualty_event_id) as best_claim_id,
        any_value(place_id) as place_id,
        any_value(conflict_id) as conflict_id,
        any_value(date_start) as date_start,
        any_value(date_end) as date_end,
        any_value(date_prec) as date_prec,
        any_value(grade) as grade,
        any_value(number_of_claimants) as number_of_claimants,
        any_value(number_of_deniers) as number_of_deniers,
        any_value(number_of_articles) as number_of_articles
    from {{ ref('fct_casualty_events') }}
    {{ where_event_changed('event_id') }}
    group by event_id
),

events as (
    select
        'casualties' as kind,
        event_id,
        what,
        actor_id,
        against_id,
        best_claim_id,
        place_id,
        conflict_id,
        date_start,
        date_end,
        date_prec,
        grade,
        number_of_claimants,
        number_of_deniers,
        number_of_articles
    from casualty_parts
    union all
    select
        'territory' as kind,
        event_id,
        replace(change, '_', ' ') as what,
        gained_by_id as actor_id,
        lost_by_id as against_id,
        best_claim_id,
        place_id,
        conflict_id,
        date_start,
        date_end,
        date_prec,
        grade,
        number_of_claimants,
        number_of_deniers,
        number_of_articles
    from {{ ref('fct_territorial_change_events') }}
    {{ where_event_changed('event_id') }}
    union all
    select
        'reinforcement' as kind,
        event_id,
        replace(force, '_', ' ') as what,
        actor_id,
        cast(null as varchar) as against_id,
        best_claim_id,
        destination_id as place_id,
        conflict_id,
        date_start,
        date_end,
        date_prec,
        grade,
        number_of_claimants,
        number_of_deniers,
        number_of_articles
    from {{ ref('fct_reinforcement_events') }}
    {{ where_event_changed('event_id') }}
)

select
    e.event_id,
    e.kind,
    e.what,
    w.name as conflict,
    p.country_name as country,
    p.admin1_name as region,
    p.name as place,
    e.place_id,
    {{ precision_in_words('p.where_prec') }} as place_precision,
    a.name as actor,
    g.name as against,
    c.claimant,
    c.claimant_kind,
    e.grade,
    e.date_start,
    e.date_end,
    e.date_prec,
    {{ week_of('e.date_start', 'e.date_prec') }} as week,
    e.number_of_claimants,
    e.number_of_deniers,
    e.number_of_articles,
    c.quote,
    c.title,
    c.url
from events as e
left join {{ ref('dim_conflict') }} as w on e.conflict_id = w.conflict_id
left join {{ ref('dim_place') }} as p on e.place_id = p.place_id
left join {{ ref('dim_actor') }} as a on e.actor_id = a.actor_id and a.is_current_name
left join {{ ref('dim_actor') }} as g on e.against_id = g.actor_id and g.is_current_name
left join claims as c on e.best_claim_id = c.claim_id
