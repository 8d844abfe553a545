{{ config(
    materialized='incremental',
    on_schema_change='fail',
    pre_hook="{{ forget_events() }}",
    post_hook=["{{ remember_units('int_events__now') }}", "{{ remember_units('int_names__now') }}"],
) }}
-- depends_on: {{ ref('int_events__now') }}, {{ ref('int_names__now') }}, {{ source('meta', 'followed') }}

-- An event whose claims differ: some affirm and some deny it, or two give numbers whose bounds do not meet.
with claims as (
    select * from {{ ref('bi_claims') }}
    {{ where_event_changed('event_id') }}
),

apart as (
    select
        x.event_id,
        max(x.count_low) > min(x.count_high) as has_numbers_apart,
        bool_or(x.relation = 'denies') and bool_or(x.relation <> 'denies') as has_denial
    from claims as x
    where x.event_id is not null
    group by x.event_id, x.what
)

select
    c.claim_id,
    c.event_id,
    e.kind,
    e.what as event_what,
    e.grade,
    e.date_start as event_date,
    case when d.has_denial then 'affirmed and denied' else 'numbers that do not meet' end as conflict_of_claims,
    c.conflict,
    c.place,
    c.actor,
    c.claimant,
    c.claimant_kind,
    c.outlet,
    c.relation,
    c.status,
    c.number_said,
    c.count_low,
    c.count_high,
    c.date_start,
    c.quote,
    c.title,
    c.url
from (
    select
        event_id,
        bool_or(has_denial) as has_denial
    from apart
    where has_numbers_apart is true or has_denial
    group by event_id
) as d
inner join {{ ref('bi_events') }} as e on d.event_id = e.event_id
inner join claims as c on d.event_id = c.event_id
