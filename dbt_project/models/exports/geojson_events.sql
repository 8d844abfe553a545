-- Each event as a Feature of GeoJSON (RFC 7946), its precision beside its point.
with events as (
    select
        event_id,
        'casualty' as kind,
        any_value(place_id) as place_id,
        any_value(conflict_id) as conflict_id,
        any_value(date_start) as date_start,
        any_value(date_end) as date_end,
        any_value(date_prec) as date_prec,
        any_value(grade) as grade,
        any_value(number_of_claimants) as number_of_claimants,
        any_value(number_of_stories) as number_of_stories,
        any_value(harm) as what,
        any_value(perpetrator_id) as actor_id,
        cast(null as varchar) as against_id,
        {{ sum_of_bounds('count') }}
    from {{ ref('fct_casualty_events') }}
    group by event_id
    union all by name
    select
        event_id,
        'reinforcement' as kind,
        destination_id as place_id,
        conflict_id,
        date_start,
        date_end,
        date_prec,
        grade,
        number_of_claimants,
        number_of_stories,
        force as what,
        actor_id,
        count_low,
        count_best,
        count_high
    from {{ ref('fct_reinforcement_events') }}
    union all by name
    select
        event_id,
        'territorial_change' as kind,
        place_id,
        conflict_id,
        date_start,
        date_end,
        date_prec,
        grade,
        number_of_claimants,
        number_of_stories,
        change as what,
        gained_by_id as actor_id,
        lost_by_id as against_id
    from {{ ref('fct_territorial_change_events') }}
)

select
    e.event_id as feature_id,
    e.kind,
    cast(to_json({
        'type': 'Feature',
        'id': e.event_id,
        'geometry': {{ geojson_point('p') }},
        'properties': {
            'kind': e.kind,
            'what': e.what,
            'place': p.name,
            'admin1': p.admin1_name,
            'country': p.iso3,
            'point_of': p.point_name,
            'where_prec': p.point_prec,
            'where_prec_text': {{ where_prec_text('p') }},
            'date_start': e.date_start,
            'date_end': e.date_end,
            'date_prec': e.date_prec,
            'date_prec_text': {{ date_prec_text('e') }},
            'actor': a.name,
            'against': o.name,
            'count_low': cast(e.count_low as bigint),
            'count_best': cast(e.count_best as bigint),
            'count_high': cast(e.count_high as bigint),
            'conflict_id': e.conflict_id,
            'grade': e.grade,
            'number_of_claimants': e.number_of_claimants,
            'number_of_stories': e.number_of_stories,
            'dataset_version': {{ dataset_version() }}
        }
    }) as varchar) as feature,
    {{ dataset_version() }} as dataset_version
from events as e
left join {{ ref('dim_place') }} as p using (place_id)
left join {{ actor_names() }} as a using (actor_id)
left join {{ actor_names() }} as o on e.against_id = o.actor_id
