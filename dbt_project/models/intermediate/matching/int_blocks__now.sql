-- The fingerprint of a block changes where anything does by which its claims are matched.
select
    b.block_id as unit_id,
    cast(bit_xor(hash(
        c.claim_version_id, c.article_id, c.story_id, c.match_first, c.match_last, c.reach_first, c.place_line, c.gained_key,
        c.lost_key, c.claimant_group, c.is_answer, c.tolerance_days
    )) as varchar) || '/' || count(*) as fingerprint
from {{ ref('int_claims__blocks') }} as b
inner join {{ ref('int_claims__matchable') }} as c using (claim_version_id)
group by b.block_id
