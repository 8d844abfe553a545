-- Which claims conflict: an event affirmed by one and denied by another, neither of whom took it back; two claimants'
-- latest tolls of the same people with two numbers; a date that its own article contradicts.
select
    'affirmed and denied' as conflict,
    affirms.claim_id,
    denies.claim_id as other_claim_id
from {{ published('bridge_event_claims') }} as affirms
inner join {{ published('bridge_event_claims') }} as denies using (event_id)
where affirms.relation = 'supports' and denies.relation = 'denies' and affirms.is_standing and denies.is_standing
union all
select
    'two tolls' as conflict,
    t.claim_id,
    o.claim_id as other_claim_id
from {{ published('fct_casualty_tolls') }} as t
inner join {{ published('fct_casualty_tolls') }} as o using (harm, victim, place_id)
where t.claimant_group < o.claimant_group and t.latest_toll_best <> o.latest_toll_best
union all
select
    'date against the calendar' as conflict,
    claim_id,
    null as other_claim_id
from {{ every_claim('claim_id, has_date_conflict, is_current') }}
where has_date_conflict and is_current
order by conflict, claim_id, other_claim_id
