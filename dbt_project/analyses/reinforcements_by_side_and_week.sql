-- Reinforcements into Aleppo and its parts by side and week: between the greatest report, which may hold the others, and
-- their sum. Fighters whose number nobody gives are in no sum; high is null where a part of it is open.
select
    g.actor_side,
    g.week_start,
    sum(g.count_low) as count_low,
    case when count(*) = count(g.count_high) then sum(g.count_high) end as count_high,
    sum(g.number_of_movements) as number_of_movements
from {{ published('fct_reinforcement_groups') }} as g
inner join {{ published('dim_place') }} as p on g.destination_id = p.place_id
where 'aleppo_sy' in (p.place_id, p.parent_place_id) and g.count_low is not null
group by g.actor_side, g.week_start
order by g.week_start nulls last, g.actor_side
