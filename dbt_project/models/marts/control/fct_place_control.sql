with intervals as (
    select *
    from {{ ref('int_control__holders') }}
    where place_id not in (select w.unit_id from {{ ref('int_control__wholes_now') }} as w)
    union all by name
    select * from {{ ref('int_control__extents') }}
    union all by name
    select * from {{ ref('int_control__blockades') }}
)

select
    {{ content_hash([
        'place_id', 'state', 'coalesce(blockade_side, holder_side, array_to_string(contenders, chr(44)))', 'valid_from', 'known_from'
    ]) }} as control_id,
    place_id,
    state,
    holder_id,
    holder_side,
    blockade_side,
    contenders,
    basis,
    grade,
    extent,
    valid_from,
    valid_from_earliest,
    valid_to,
    known_from,
    known_to,
    known_to is null as is_current,
    last_reported_on,
    follows_place_id,
    cast(len(claimant_groups) as integer) as number_of_claimants,
    opened_by_event_id,
    closed_by_event_id,
    claim_ids,
    conflict_id
from intervals
