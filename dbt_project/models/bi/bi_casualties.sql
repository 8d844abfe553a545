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
from {{ ref('fct_casualty_events') }} as f
inner join {{ ref('bi_events') }} as e on f.event_id = e.event_id
left join {{ ref('bi_claims') }} as c on f.best_claim_id = c.claim_id
