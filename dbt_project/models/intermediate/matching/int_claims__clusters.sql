-- Everything that could ever have been one event, in whatever order it was learnt: connected components over all
-- versions of all claims. A cluster is named by its least claim version, so its name says nothing else.
with recursive numbered as materialized (
    -- Labels travel as numbers, in the order of the ids: half the cost of travelling as text.
    select
        claim_version_id,
        row_number() over (order by claim_version_id) as number
    from {{ ref('int_claims__matchable') }}
),

pairs as materialized (
    select
        a.number as one,
        b.number as other
    from {{ ref('int_claims__edges') }} as e
    inner join numbered as a on e.claim_a = a.claim_version_id
    inner join numbered as b on e.claim_b = b.claim_version_id
),

links as materialized (
    select
        one as here,
        other as there
    from pairs
    union all
    select
        other as here,
        one as there
    from pairs
),

labels (number, label) {{ using_key('number') }} as (
    select
        here as number,
        least(here, min(there)) as label
    from links
    group by here
    union
    select
        links.there as number,
        min(labels.label) as label
    from labels
    inner join links on labels.number = links.here
    inner join recurring.labels as known on links.there = known.number
    where labels.label < known.label
    group by links.there
)

select
    n.claim_version_id,
    coalesce(f.claim_version_id, n.claim_version_id) as cluster_id,
    l.label is null as is_alone
from numbered as n
left join labels as l using (number)
left join numbered as f on l.label = f.number
