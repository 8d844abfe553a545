-- The civilian share of deaths by claimant: a claimant's latest toll of civilians over its own toll of all people of the
-- same war, place and day. Bounds are null where the toll they need is open ('more than 290,000').
select
    everyone.claimant_id,
    everyone.place_id,
    everyone.as_of,
    civilians.toll_best as civilians_best,
    everyone.toll_best as people_best,
    round(civilians.toll_best / everyone.toll_best, 3) as civilian_share,
    round(civilians.toll_low / everyone.toll_high, 3) as civilian_share_low,
    round(civilians.toll_high / everyone.toll_low, 3) as civilian_share_high
from {{ published('fct_casualty_tolls') }} as everyone
inner join {{ published('fct_casualty_tolls') }} as civilians
    on
        everyone.claimant_group = civilians.claimant_group
        and everyone.harm = civilians.harm
        and everyone.place_id = civilians.place_id
        and everyone.period_start is not distinct from civilians.period_start
        and everyone.as_of = civilians.as_of
where
    everyone.harm = 'killed' and everyone.victim = 'people' and civilians.victim = 'civilians'
    and everyone.is_latest and civilians.is_latest
order by everyone.claimant_id, everyone.place_id
