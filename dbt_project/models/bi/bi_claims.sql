{{ config(
    materialized='incremental',
    on_schema_change='fail',
    pre_hook="{{ forget_claims() }}",
    post_hook=[
        "{{ remember_units('int_documents__now') }}", "{{ remember_units('int_events__now') }}",
        "{{ remember_units('int_names__now') }}",
    ],
) }}
-- depends_on: {{ ref('int_documents__now') }}, {{ ref('int_events__now') }}, {{ ref('int_names__now') }}
-- depends_on: {{ ref('int_articles__versions') }}, {{ source('meta', 'followed') }}

-- The hook before deletes what may have changed; what is not there is made.
with
{% if is_incremental() %}
    missing as materialized (
        select claim_id
        from {{ every_claim('claim_id, is_current, is_rejected') }}
        where is_current and not is_rejected and claim_id not in (select k.claim_id from {{ this }} as k)
    ),
{% endif %}

claims as (
    select
        claim_id,
        article_id,
        'casualties' as kind,
        concat_ws(' ', harm, victim, '(' || scope || ')') as what,
        count_text as number_said,
        count_low,
        count_best,
        count_high,
        place_id,
        place_text,
        perpetrator_id as actor_id,
        conflict_id,
        claimant_id,
        claimant_text,
        outlet_id,
        status,
        date_start,
        date_prec,
        has_date_conflict,
        quote,
        confidence,
        is_current,
        is_rejected,
        is_reviewed
    from {{ ref('fct_casualties') }}
    {{ where_missing() }}
    union all
    select
        claim_id,
        article_id,
        'territory' as kind,
        replace(change, '_', ' ') as what,
        cast(null as varchar) as number_said,
        cast(null as bigint) as count_low,
        cast(null as bigint) as count_best,
        cast(null as bigint) as count_high,
        place_id,
        place_text,
        gained_by_id as actor_id,
        conflict_id,
        claimant_id,
        claimant_text,
        outlet_id,
        status,
        date_start,
        date_prec,
        has_date_conflict,
        quote,
        confidence,
        is_current,
        is_rejected,
        is_reviewed
    from {{ ref('fct_territorial_changes') }}
    {{ where_missing() }}
    union all
    select
        claim_id,
        article_id,
        'reinforcement' as kind,
        replace(force, '_', ' ') as what,
        count_text as number_said,
        count_low,
        count_best,
        count_high,
        destination_id as place_id,
        destination_text as place_text,
        actor_id,
        conflict_id,
        claimant_id,
        claimant_text,
        outlet_id,
        status,
        date_start,
        date_prec,
        has_date_conflict,
        quote,
        confidence,
        is_current,
        is_rejected,
        is_reviewed
    from {{ ref('fct_reinforcements') }}
    {{ where_missing() }}
),

bridge as (
    select
        claim_id,
        event_id,
        relation
    from {{ ref('bridge_event_claims') }}
    {{ where_missing() }}
),

articles as (
    select *
    from {{ ref('dim_article') }}
    {% if is_incremental() %}
        where article_id in (select x.article_id from claims as x)
    {% endif %}
),

events as (
    select
        event_id,
        grade
    from {{ ref('fct_casualty_events') }}
    where event_id in (select b.event_id from bridge as b)
    union
    select
        event_id,
        grade
    from {{ ref('fct_territorial_change_events') }}
    where event_id in (select b.event_id from bridge as b)
    union
    select
        event_id,
        grade
    from {{ ref('fct_reinforcement_events') }}
    where event_id in (select b.event_id from bridge as b)
)

select
    c.claim_id,
    c.kind,
    c.what,
    w.name as conflict,
    p.country_name as country,
    p.admin1_name as region,
    coalesce(p.name, c.place_text) as place,
    a.name as actor,
    coalesce(s.name, c.claimant_text, o.outlet_id) as claimant,
    coalesce(replace(s.claimant_kind, '_', ' '), 'the outlet itself') as claimant_kind,
    o.outlet_id as outlet,
    c.status,
    c.number_said,
    c.count_low,
    c.count_best,
    c.count_high,
    c.date_start,
    c.date_prec,
    {{ week_of('c.date_start', 'c.date_prec') }} as week,
    c.has_date_conflict,
    c.quote,
    o.title,
    case when regexp_matches(o.url, '^https?://') then o.url end as url,
    o.article_id,
    cast(o.published_at as date) as published_on,
    b.event_id,
    b.relation,
    e.grade,
    c.confidence,
    c.is_reviewed
from claims as c
inner join articles as o on c.article_id = o.article_id
left join bridge as b on c.claim_id = b.claim_id
left join events as e on b.event_id = e.event_id
left join {{ ref('dim_conflict') }} as w on c.conflict_id = w.conflict_id
left join {{ ref('dim_place') }} as p on c.place_id = p.place_id
left join {{ ref('dim_actor') }} as a on c.actor_id = a.actor_id and a.is_current_name
left join {{ ref('dim_claimant') }} as s on c.claimant_id = s.claimant_id
where c.is_current and not c.is_rejected
