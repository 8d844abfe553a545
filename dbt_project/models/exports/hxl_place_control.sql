select
    c.control_id,
    c.state,
    n.name as holder,
    array_to_string(c.contenders, '; ') as contenders,
    c.valid_from,
    c.valid_to,
    c.valid_from_earliest,
    p.country_name as country,
    p.iso3,
    p.admin1_name,
    p.admin2_name,
    p.name as place_name,
    p.point_latitude as latitude,
    p.point_longitude as longitude,
    p.point_prec as where_prec,
    c.basis,
    c.grade,
    c.extent,
    c.number_of_claimants,
    c.known_from,
    {{ dataset_version() }} as dataset_version
from {{ ref('fct_place_control') }} as c
inner join {{ ref('dim_place') }} as p using (place_id)
left join {{ actor_names() }} as n on c.holder_id = n.actor_id
where c.is_current
