-- Each category with itself and every category above or below it (rule 10).
with recursive above as (
    select
        victim,
        victim as other,
        0 as distance
    from {{ ref('ref_victim_categories') }}
    union all
    select
        a.victim,
        c.parent_victim as other,
        a.distance + 1 as distance
    from above as a
    inner join {{ ref('ref_victim_categories') }} as c on a.other = c.victim
    where c.parent_victim is not null
)

select
    victim,
    other,
    distance
from above
union all
select
    other as victim,
    victim as other,
    -distance as distance
from above where distance > 0
