-- What the events of a cluster are made from; its fingerprint changes where anything in it does.
with edges as (
    select
        c.cluster_id,
        bit_xor(hash(e.claim_a, e.claim_b, e.edge_kind, e.distance)) as edges_hash
    from {{ ref('int_claims__edges') }} as e
    inner join {{ ref('int_claims__clusters') }} as c on e.claim_a = c.claim_version_id
    group by c.cluster_id
),

claims as (
    select
        c.cluster_id,
        bit_xor(m.claim_hash) as claims_hash,
        count(*) as number_of_claims
    from {{ ref('int_claims__clusters') }} as c
    inner join {{ ref('int_claims__matchable') }} as m using (claim_version_id)
    group by c.cluster_id
)

select
    c.cluster_id as unit_id,
    concat_ws('/', c.claims_hash, e.edges_hash, c.number_of_claims, n.fingerprint) as fingerprint
from claims as c
cross join {{ ref('int_reference__now') }} as n
left join edges as e using (cluster_id)
