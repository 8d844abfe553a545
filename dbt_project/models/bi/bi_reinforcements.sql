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
inner join {{ ref('bi_events') }} as e on f.event_id = e.event_id
left join {{ ref('dim_place') }} as o on f.origin_id = o.place_id
