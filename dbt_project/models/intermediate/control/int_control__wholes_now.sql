-- Places with parts that have reports of their own; the fingerprint changes where the holder of either does.
with parts as (
    select
        place_id,
        bit_xor(hash(part_id, holder_side, valid_from, valid_to, known_from, known_to)) as parts_hash
    from {{ ref('int_control__parts') }}
    group by place_id
),

wholes as (
    select
        place_id,
        bit_xor(hash({{ control_columns() | join(', ') }}, known_from, known_to)) as wholes_hash
    from {{ ref('int_control__holders') }}
    group by place_id
)

select
    w.place_id as unit_id,
    w.wholes_hash || '/' || p.parts_hash as fingerprint
from wholes as w
inner join parts as p using (place_id)
