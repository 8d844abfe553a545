-- Which gains the loser admits: changes that the side which loses by them says itself, and its words.
select
    e.place_id,
    e.date_start,
    e.date_end,
    e.change,
    e.gained_by_id,
    said.claimant_id as admitted_by,
    said.quote
from {{ published('fct_territorial_change_events') }} as e
inner join {{ published('bridge_event_claims') }} as b using (event_id)
inner join {{ published('fct_territorial_changes') }} as said using (claim_id)
where b.is_admission and b.is_standing
order by e.date_start nulls last, e.place_id, admitted_by
