-- Running and period tolls, said again by one claimant with the same as-of day counted once, by its latest words.
with kept as (
    select
        t.toll_id,
        t.number_of_articles,
        coalesce(c.claimant_id, c.claimant_group) as toll_claimant,
        coalesce(c.date_end, c.said_on) as as_of,
        c.*
    from {{ ref('int_tolls__states') }} as t
    inner join {{ ref('int_claims__versions') }} as c on t.latest.claim_version_id = c.claim_version_id
    where t.known_to is null
),

-- The places that hold an incident: its own, those above it, and its country.
incidents as (
    select
        e.harm,
        e.date_start,
        e.date_end,
        unnest(list_append(r.place_line, r.country_id)) as place_id
    from {{ ref('fct_casualty_events') }} as e
    inner join {{ ref('int_places__regions') }} as r using (place_id)
),

overlapping as (
    select distinct k.claim_version_id
    from kept as k
    inner join incidents as i
        on
            k.harm = i.harm
            and k.place_id = i.place_id
            and k.as_of >= i.date_start
            and (k.date_start is null or k.date_start <= i.date_end)
)

select
    k.toll_id,
    k.claim_id,
    k.claimant_id,
    k.claimant_group,
    k.harm,
    k.victim,
    k.scope,
    k.place_id,
    k.conflict_id,
    k.date_start as period_start,
    k.as_of,
    k.count_least as toll_low,
    k.count_best as toll_best,
    case when not k.is_open_high then k.count_most end as toll_high,
    k.is_open_high,
    k.count_most as toll_high_stated,
    o.claim_version_id is not null as overlaps_incidents,
    row_number() over (
        partition by k.toll_claimant, k.harm, k.victim, k.scope, k.place_id, k.date_start
        order by k.as_of desc, k.worded_at desc, k.claim_id
    ) = 1 as is_latest,
    case
        when
            row_number() over (
                partition by k.toll_claimant, k.harm, k.victim, k.scope, k.place_id, k.date_start
                order by k.as_of desc, k.worded_at desc, k.claim_id
            ) = 1
            then k.count_best
    end as latest_toll_best,
    cast(k.number_of_articles as integer) as number_of_articles,
    k.known_from
from kept as k
left join overlapping as o using (claim_version_id)
