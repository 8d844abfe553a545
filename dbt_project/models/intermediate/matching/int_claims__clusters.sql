-- Everything that could ever have been one event, in whatever order it was learnt: connected components over all
-- versions of all claims. A cluster is named by its least claim version, so its name says nothing else.
with recursive links as (
    select
        claim_a as here,
        claim_b as there
    from {{ ref('int_claims__edges') }}
    union all
    select
        claim_b as here,
        claim_a as there
    from {{ ref('int_claims__edges') }}
),

labels (claim_version_id, cluster_id) {{ using_key('claim_version_id') }} as (
    select
        here as claim_version_id,
        least(here, min(there)) as cluster_id
    from links
    group by here
    union
    select
        links.there as claim_version_id,
        min(labels.cluster_id) as cluster_id
    from labels
    inner join links on labels.claim_version_id = links.here
    inner join recurring.labels as known on links.there = known.claim_version_id
    where labels.cluster_id < known.cluster_id
    group by links.there
)

select
    c.claim_version_id,
    coalesce(l.cluster_id, c.claim_version_id) as cluster_id,
    l.cluster_id is null as is_alone
from {{ ref('int_claims__matchable') }} as c
left join labels as l using (claim_version_id)
