-- Tolls as they were known: for each toll, on each day on which its claims changed, its claimant's latest word.
with claims as (
    select
        {{ toll_key('c') }} as toll_id,
        c.*
    from {{ ref('int_claims__versions') }} as c
    where c.kind = 'casualty' and c.scope <> 'incident' and c.can_support and not c.is_denial
),

days as (
    select
        toll_id,
        day,
        lead(day) over (partition by toll_id order by day) as next_day
    from (
        select
            toll_id,
            unnest([known_from, known_to]) as day
        from claims
    )
    where day is not null
    group by toll_id, day
)

select
    d.toll_id,
    d.day as known_from,
    d.next_day as known_to,
    count(distinct c.article_id) as number_of_articles,
    arg_max(
        {
            'claim_version_id': c.claim_version_id,
            'low': c.count_least,
            'best': c.count_best,
            'high': case when not c.is_open_high then c.count_most end
        },
        row(c.worded_at, c.landed_at, c.position, c.claim_id)
    ) as latest
from days as d
inner join claims as c
    on
        d.toll_id = c.toll_id
        and d.day >= c.known_from
        and (c.known_to is null or d.day < c.known_to)
group by d.toll_id, d.day, d.next_day
