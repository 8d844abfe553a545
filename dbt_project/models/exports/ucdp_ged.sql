-- Incidents in which people were killed, in the columns of UCDP GED. What only a coder can decide is null.
with killed as (
    select
        event_id,
        any_value(place_id) as place_id,
        any_value(conflict_id) as conflict_id,
        any_value(perpetrator_id) as perpetrator_id,
        any_value(date_start) as date_start,
        any_value(date_end) as date_end,
        any_value(date_prec) as date_prec,
        any_value(grade) as grade,
        {{ sum_of_bounds('count') }},
        sum(count_best) filter (where is_civilian) as civilians,
        sum(count_best) filter (where victim_within in ('fighters', 'soldiers', 'police')) as fighters,
        count(*) filter (where count_best is null) as parts_without_best
    from {{ ref('fct_casualty_events') }}
    where harm = 'killed'
    group by event_id
),

sources as (
    select
        b.event_id,
        len(list_distinct(list(a.story_id))) as number_of_sources,
        {{ distinct_texts('a.title') }} as source_article,
        {{ distinct_texts('a.outlet_id') }} as source_office,
        min(cast(a.published_at as date)) as source_date,
        arg_min(a.title, row(a.published_at, a.article_id)) as source_headline,
        {{ distinct_texts('said.claimant_text') }} as source_original
    from {{ ref('bridge_event_claims') }} as b
    inner join {{ ref('fct_casualties') }} as said using (claim_id)
    inner join {{ ref('dim_article') }} as a using (article_id)
    where b.relation = 'supports'
    group by b.event_id
)

select
    k.event_id as id,
    cast(year(k.date_start) as integer) as year,
    cast(null as integer) as type_of_violence,
    k.conflict_id as conflict_new_id,
    w.name as conflict_name,
    cast(null as varchar) as dyad_new_id,
    cast(null as varchar) as dyad_name,
    k.perpetrator_id as side_a_new_id,
    n.name as side_a,
    cast(null as varchar) as side_b_new_id,
    cast(null as varchar) as side_b,
    s.number_of_sources,
    s.source_article,
    s.source_office,
    s.source_date,
    s.source_headline,
    s.source_original,
    p.point_prec as where_prec,
    p.point_name as where_coordinates,
    p.name as where_description,
    p.admin1_name as adm_1,
    p.admin2_name as adm_2,
    p.point_latitude as latitude,
    p.point_longitude as longitude,
    'POINT (' || p.point_longitude || ' ' || p.point_latitude || ')' as geom_wkt,
    -- PRIO-GRID 2.0: half-degree cells, numbered eastward from the south-western corner.
    cast(floor((p.point_latitude + 90) * 2) * 720 + floor((p.point_longitude + 180) * 2) + 1 as integer) as priogrid_gid,
    p.country_name as country,
    p.iso3,
    p.region,
    cast(case when k.date_prec = 1 and p.point_prec = 1 then 1 else 2 end as integer) as event_clarity,
    k.date_prec,
    k.date_start,
    k.date_end,
    cast(null as bigint) as deaths_a,
    cast(case when k.perpetrator_id is not null then k.fighters end as bigint) as deaths_b,
    cast(k.civilians as bigint) as deaths_civilians,
    -- Those of whom nobody says what they were; null where a part has no number.
    cast(
        case
            when k.parts_without_best = 0
                then
                    k.count_best - coalesce(k.civilians, 0)
                    - case when k.perpetrator_id is not null then coalesce(k.fighters, 0) else 0 end
        end as bigint
    ) as deaths_unknown,
    cast(k.count_best as bigint) as best,
    cast(k.count_high as bigint) as high,
    cast(k.count_low as bigint) as low,
    k.grade,
    {{ dataset_version() }} as dataset_version
from killed as k
left join sources as s using (event_id)
left join {{ ref('dim_place') }} as p using (place_id)
left join {{ ref('dim_conflict') }} as w using (conflict_id)
left join {{ actor_names() }} as n on k.perpetrator_id = n.actor_id
