-- Additive rows of incidents, one column a harm, as HDX tags such data; the tags stand in hxl_tags.
select
    e.casualty_event_id as event_part_id,
    e.event_id,
    e.harm as event_type,
    e.date_start,
    e.date_end,
    e.date_prec,
    p.country_name as country,
    p.iso3,
    p.admin1_name,
    p.admin2_name,
    p.name as place_name,
    p.point_latitude as latitude,
    p.point_longitude as longitude,
    p.point_prec as where_prec,
    n.name as perpetrator,
    e.victim,
    {%- for harm in ['killed', 'injured', 'missing', 'captured', 'displaced'] %}
        cast(case when e.harm = '{{ harm }}' then e.count_best end as bigint) as {{ harm }},
        cast(case when e.harm = '{{ harm }}' then e.count_low end as bigint) as {{ harm }}_low,
        cast(case when e.harm = '{{ harm }}' then e.count_high end as bigint) as {{ harm }}_high,
    {%- endfor %}
    e.grade,
    e.number_of_stories,
    e.known_from,
    {{ dataset_version() }} as dataset_version
from {{ ref('fct_casualty_events') }} as e
left join {{ ref('dim_place') }} as p using (place_id)
left join {{ actor_names() }} as n on e.perpetrator_id = n.actor_id
