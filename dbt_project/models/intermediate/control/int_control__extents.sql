{{ config(
    materialized='incremental',
    pre_hook="{{ forget_units('int_control__wholes_now', 'place_id') }}",
    post_hook="{{ remember_units('int_control__wholes_now') }}",
) }}
-- depends_on: {{ ref('int_control__wholes_now') }}, {{ source('meta', 'followed') }}

-- A part held by another side makes the extent of the whole partial (rule 22): the intervals of places with such parts,
-- cut where the parts change hands, on every day on which anything known of either changed.
with wholes as (
    select *
    from {{ ref('int_control__holders') }}
    where
        place_id in (
            select n.unit_id from {{ ref('int_control__wholes_now') }} as n where n.fingerprint is not null
        )
        {% if is_incremental() %}
            and place_id in {{ units_to_build('int_control__wholes_now') }}
        {% endif %}
),

parts as (
    select * from {{ ref('int_control__parts') }} where place_id in (select w.place_id from wholes as w)
),

known as (
    select
        place_id,
        known_from,
        known_to
    from wholes
    union all
    select
        place_id,
        known_from,
        known_to
    from parts
),

days as (
    {{ known_days("known") }}
),

seen as (
    select
        d.known_number,
        d.known_on,
        d.next_known_on,
        w.* exclude (known_from, known_to),
        row_number() over (
            partition by d.place_id, d.known_number order by w.valid_from nulls first, w.holder_side
        ) as interval_number
    from wholes as w
    inner join days as d
        on
            w.place_id = d.place_id
            and w.known_from <= d.known_on
            and (w.known_to is null or w.known_to > d.known_on)
),

-- Stretches of an interval in which another side holds a part.
others as (
    select
        s.place_id,
        s.known_number,
        s.interval_number,
        greatest(coalesce(p.valid_from, date '0001-01-01'), coalesce(s.valid_from, date '0001-01-01')) as part_from,
        least(coalesce(p.valid_to, date '9999-12-31'), coalesce(s.valid_to, date '9999-12-31')) as part_to
    from seen as s
    inner join parts as p
        on
            s.place_id = p.place_id
            and s.known_on >= p.known_from
            and (p.known_to is null or s.known_on < p.known_to)
            and s.holder_side <> p.holder_side
            and (p.valid_from is null or s.valid_to is null or s.valid_to > p.valid_from)
            and (p.valid_to is null or s.valid_from is null or s.valid_from < p.valid_to)
),

cuts as (
    select
        place_id,
        known_number,
        interval_number,
        coalesce(valid_from, date '0001-01-01') as cut_on
    from seen
    union
    select
        place_id,
        known_number,
        interval_number,
        part_from as cut_on
    from others
    union
    select
        place_id,
        known_number,
        interval_number,
        part_to as cut_on
    from others
),

pieces as (
    select
        c.place_id,
        c.known_number,
        c.interval_number,
        c.cut_on as piece_from,
        lead(c.cut_on) over (
            partition by c.place_id, c.known_number, c.interval_number order by c.cut_on
        ) as next_cut_on,
        coalesce(s.valid_to, date '9999-12-31') as interval_to
    from cuts as c
    inner join seen as s
        on
            c.place_id = s.place_id
            and c.known_number = s.known_number
            and c.interval_number = s.interval_number
),

measured as (
    select
        p.place_id,
        p.known_number,
        p.interval_number,
        p.piece_from,
        coalesce(p.next_cut_on, p.interval_to) as piece_to,
        count(o.place_id) > 0 as is_partial
    from pieces as p
    left join others as o
        on
            p.place_id = o.place_id
            and p.known_number = o.known_number
            and p.interval_number = o.interval_number
            and p.piece_from >= o.part_from
            and p.piece_from < o.part_to
    where p.piece_from < p.interval_to
    group by all
),

-- Pieces that touch and are alike in this are one.
joined as (
    select
        place_id,
        known_number,
        interval_number,
        is_partial,
        min(piece_from) as piece_from,
        max(piece_to) as piece_to
    from (
        select
            *,
            row_number() over (partition by place_id, known_number, interval_number order by piece_from)
            - row_number() over (partition by place_id, known_number, interval_number, is_partial order by piece_from) as run
        from measured
    )
    group by place_id, known_number, interval_number, is_partial, run
),

drawn as (
    select
        s.* replace (
            nullif(j.piece_from, date '0001-01-01') as valid_from,
            nullif(j.piece_to, date '9999-12-31') as valid_to,
            case when j.is_partial then 'partial' else s.extent end as extent,
            case
                when j.piece_from = coalesce(s.valid_from, date '0001-01-01') then s.valid_from_earliest
                else j.piece_from
            end as valid_from_earliest
        )
    from seen as s
    inner join joined as j
        on
            s.place_id = j.place_id
            and s.known_number = j.known_number
            and s.interval_number = j.interval_number
)

{{ as_known('drawn') }}
