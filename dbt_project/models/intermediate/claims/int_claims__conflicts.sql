-- The war a claim belongs to: one fought in the country of its place on its day, by the parties it names where there
-- are several; without a place, the one its parties fight in.
with claims as (
    select
        c.claim_version_id,
        coalesce(c.date_start, c.date_end, a.said_on) as day,
        coalesce(p.country, o.country) as country,
        list_filter(
            [c.perpetrator_id, c.actor_id, c.gained_by_id, c.lost_by_id, c.claimant_id], lambda x: x is not null
        ) as actor_ids
    from {{ ref('int_claims__known') }} as c
    inner join {{ ref('int_articles__versions') }} as a using (article_id)
    left join {{ ref('int_places__regions') }} as p on c.place_id = p.place_id
    left join {{ ref('int_places__regions') }} as o on c.origin_id = o.place_id
),

by_country as (
    select
        c.claim_version_id,
        w.conflict_id,
        0 as parties
    from claims as c
    inner join {{ ref('ref_conflict_countries') }} as w using (country)
),

by_party as (
    select
        c.claim_version_id,
        s.conflict_id,
        count(distinct s.actor_id) as parties
    from (select claim_version_id, day, unnest(actor_ids) as actor_id from claims) as c
    inner join {{ ref('int_actors__sides') }} as s using (actor_id)
    where (s.valid_from is null or s.valid_from <= c.day) and (s.valid_to is null or s.valid_to > c.day)
    group by c.claim_version_id, s.conflict_id
),

candidates as (
    select
        claim_version_id,
        conflict_id,
        sum(parties) as parties,
        bool_or(parties = 0) as is_in_country
    from (select * from by_country union all select * from by_party)
    group by claim_version_id, conflict_id
)

select
    d.claim_version_id,
    arg_max(d.conflict_id, (d.is_in_country, d.parties, d.conflict_id)) as conflict_id
from candidates as d
inner join claims as c using (claim_version_id)
inner join {{ ref('ref_conflicts') }} as w using (conflict_id)
where
    (w.valid_from is null or w.valid_from <= c.day) and (w.valid_to is null or w.valid_to > c.day)
    -- A place outside the war's countries is not in that war.
    and (d.is_in_country or c.country is null)
group by d.claim_version_id
