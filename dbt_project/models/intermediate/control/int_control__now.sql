-- The fingerprint of a place changes where anything does that bears on who holds it.
select
    place_id as unit_id,
    cast(bit_xor(hash(
        report_id, distance, reported_place_id, family, change, extent, holder_id, holder_side, loser_id, loser_side, day,
        day_earliest, first_said_at, grade, claimant_groups, claim_ids, conflict_id, known_from, known_to
    )) as varchar) || '/' || count(*) as fingerprint
from {{ ref('int_control__spread') }}
group by place_id
