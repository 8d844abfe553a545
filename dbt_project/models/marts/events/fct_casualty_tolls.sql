-- Running and period tolls, said again by one claimant with the same as-of day counted once, by its latest words.
with tolls as (
    select
        *,
        coalesce(date_end, said_on) as as_of
    from {{ ref('int_claims__versions') }}
    where kind = 'casualty' and scope <> 'incident' and is_current and can_support and not is_denial
),

kept as (
    select
        coalesce(claimant_id, claimant_group) as toll_claimant,
        *,
        row_number() over (
            partition by coalesce(claimant_id, claimant_group), harm, victim, scope, place_id, date_start, as_of
            order by worded_at desc, landed_at desc, position desc, claim_id
        ) as latest,
        count(distinct article_id) over (
            partition by coalesce(claimant_id, claimant_group), harm, victim, scope, place_id, date_start, as_of
        ) as number_of_articles
    from tolls
),

incidents as (
    select distinct
        e.harm,
        e.place_id,
        r.place_line,
        r.country_id,
        e.date_start,
        e.date_end
    from {{ ref('fct_casualty_events') }} as e
    inner join {{ ref('int_places__regions') }} as r using (place_id)
),

overlapping as (
    select distinct k.claim_version_id
    from kept as k
    inner join incidents as i
        on
            k.harm = i.harm
            and (list_contains(i.place_line, k.place_id) or i.country_id = k.place_id)
            and i.date_start <= k.as_of
            and (k.date_start is null or k.date_start <= i.date_end)
)

select
    {{ content_hash(['k.toll_claimant', 'k.harm', 'k.victim', 'k.scope', 'k.place_id', 'k.date_start', 'k.as_of']) }}
        as toll_id,
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
        when row_number() over (
            partition by k.toll_claimant, k.harm, k.victim, k.scope, k.place_id, k.date_start
            order by k.as_of desc, k.worded_at desc, k.claim_id
        ) = 1
            then k.count_best
    end as latest_toll_best,
    cast(k.number_of_articles as integer) as number_of_articles,
    k.known_from
from kept as k
left join overlapping as o using (claim_version_id)
where k.latest = 1
