select
    concat_ws('/', g.overlap_group, g.actor_side, g.destination_id, cast(g.week_start as varchar)) as group_id,
    w.name as conflict,
    regexp_replace(replace(g.actor_side, '_', ' '), '^.*/', '') as side,
    p.name as place,
    p.country_name as country,
    p.admin1_name as region,
    g.week_start as week,
    g.date_start,
    g.count_low,
    g.count_high,
    g.is_open_high,
    g.count_high_stated,
    g.number_of_movements,
    g.number_of_senders
from {{ ref('fct_reinforcement_groups') }} as g
left join {{ ref('dim_conflict') }} as w on g.conflict_id = w.conflict_id
left join {{ ref('dim_place') }} as p on g.destination_id = p.place_id
