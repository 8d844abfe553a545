with countries as (
    select
        conflict_id,
        list(country order by country) as countries
    from {{ ref('ref_conflict_countries') }}
    group by conflict_id
),

sides as (
    select
        conflict_id,
        list(
            { 'side_id': side_id, 'name': name, 'valid_from': valid_from, 'valid_to': valid_to }
            order by side_id, valid_from
        ) as sides
    from {{ ref('ref_conflict_sides') }}
    group by conflict_id
)

select
    w.conflict_id,
    w.name,
    w.valid_from,
    w.valid_to,
    c.countries,
    s.sides
from {{ ref('ref_conflicts') }} as w
left join countries as c using (conflict_id)
left join sides as s using (conflict_id)
