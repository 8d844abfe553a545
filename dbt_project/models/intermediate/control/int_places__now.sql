select
    place_id as unit_id,
    cast(bit_xor(hash(
        report_id, state, action, is_own, day, day_earliest, extent, gained_by_id, gained_key, lost_by_id, lost_key, grade,
        first_said_on, known_from, known_to
    )) as varchar) || '/' || count(*) as fingerprint
from {{ ref('int_place_reports__spread') }}
group by place_id
