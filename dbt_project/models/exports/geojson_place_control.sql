-- Each interval of control as a Feature of GeoJSON (RFC 7946), with the days on which it holds.
select
    c.control_id as feature_id,
    c.valid_from,
    c.valid_to,
    cast(to_json({
        'type': 'Feature',
        'id': c.control_id,
        'geometry': {{ geojson_point('p') }},
        'properties': {
            'state': c.state,
            'place': p.name,
            'admin1': p.admin1_name,
            'country': p.iso3,
            'point_of': p.point_name,
            'where_prec': p.point_prec,
            'where_prec_text': {{ where_prec_text('p') }},
            'holder': n.name,
            'holder_side': c.holder_side,
            'contenders': c.contenders,
            'valid_from': c.valid_from,
            'valid_from_earliest': c.valid_from_earliest,
            'valid_to': c.valid_to,
            'last_reported_on': c.last_reported_on,
            'basis': c.basis,
            'grade': c.grade,
            'extent': c.extent,
            'known_from': c.known_from,
            'conflict_id': c.conflict_id,
            'dataset_version': {{ dataset_version() }}
        }
    }) as varchar) as feature,
    {{ dataset_version() }} as dataset_version
from {{ ref('fct_place_control') }} as c
inner join {{ ref('dim_place') }} as p using (place_id)
left join {{ actor_names() }} as n on c.holder_id = n.actor_id
where c.is_current
