select
    t.toll_id,
    coalesce(s.name, c.claimant, 'the outlet itself') as claimant,
    coalesce(replace(s.claimant_kind, '_', ' '), c.claimant_kind, 'the outlet itself') as claimant_kind,
    t.harm,
    t.victim,
    case t.scope when 'cumulative' then 'so far' else 'over a period' end as scope,
    w.name as conflict,
    p.country_name as country,
    p.name as place,
    t.period_start,
    t.as_of as date_start,
    t.toll_low,
    t.toll_best,
    t.toll_high,
    t.is_open_high,
    t.overlaps_incidents,
    t.number_of_articles,
    concat_ws(
        ', ',
        coalesce(s.name, c.claimant, 'the outlet itself'),
        t.victim || ' ' || t.harm,
        p.name,
        case t.scope when 'cumulative' then 'so far' else 'over a period' end
        || coalesce(' from ' || strftime(t.period_start, '%Y-%m-%d'), '')
    ) as toll,
    c.quote,
    c.title,
    c.url
from {{ ref('fct_casualty_tolls') }} as t
left join {{ ref('bi_claims') }} as c on t.claim_id = c.claim_id
left join {{ ref('dim_conflict') }} as w on t.conflict_id = w.conflict_id
left join {{ ref('dim_place') }} as p on t.place_id = p.place_id
left join {{ ref('dim_claimant') }} as s on t.claimant_id = s.claimant_id
where t.is_latest
