-- The fingerprint of a block changes where anything does by which its claims are matched.
select
    b.block_id as unit_id,
    concat_ws('/', bit_xor(b.claim_hash), count(*), any_value(n.fingerprint)) as fingerprint
from {{ ref('int_claims__blocks') }} as b
cross join {{ ref('int_reference__now') }} as n
group by b.block_id
