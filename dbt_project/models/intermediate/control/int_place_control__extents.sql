-- A part held by the other side makes the whole's extent partial (rule 22): intervals of the whole are cut where its
-- parts' reported intervals begin and end, on each day of knowledge on which either changed.
with intervals as (
    select * from {{ ref('int_place_control__timelines') }} where state = 'control'
),

parts as (
    select
        l.ancestor_id as place_id,
        p.place_id as part_id,
        p.holder_side,
        p.valid_from,
        p.valid_to,
        p.known_from,
        p.known_to
    from intervals as p
    inner join {{ ref('int_places__lines') }} as l using (place_id)
    where
        l.distance > 0
        and l.ancestor_kind is distinct from 'country'
        and p.basis = 'reported'
),

wholes as (
    select *
    from intervals
    where place_id in (select p.place_id from parts as p) and holder_side is not null and extent is null
),

days as (
    select
        place_id,
        day as known_on,
        lead(day) over (partition by place_id order by day) as next_known_on,
        row_number() over (partition by place_id order by day) as known_number
    from (
        select place_id, unnest([known_from, known_to]) as day from wholes
        union
        select place_id, unnest([known_from, known_to]) as day from parts where place_id in (select w.place_id from wholes as w)
    )
    where day is not null
),

seen as (
    select
        d.known_number,
        d.known_on,
        d.next_known_on,
        w.* exclude (known_from, known_to)
    from wholes as w
    inner join days as d
        on
            w.place_id = d.place_id
            and d.known_on >= w.known_from
            and (w.known_to is null or d.known_on < w.known_to)
),

others as (
    select
        s.place_id,
        s.known_number,
        s.valid_from as whole_from,
        p.part_id,
        greatest(p.valid_from, s.valid_from) as part_from,
        least(p.valid_to, s.valid_to) as part_to
    from seen as s
    inner join parts as p
        on
            s.place_id = p.place_id
            and s.known_on >= p.known_from
            and (p.known_to is null or s.known_on < p.known_to)
            and s.holder_side <> p.holder_side
            and (p.valid_from is null or s.valid_to is null or p.valid_from < s.valid_to)
            and (p.valid_to is null or s.valid_from is null or p.valid_to > s.valid_from)
),

cuts as (
    select
        place_id,
        known_number,
        valid_from as whole_from,
        valid_from as cut_on,
        valid_to as whole_to
    from seen
    union
    select
        o.place_id,
        o.known_number,
        o.whole_from,
        o.cut_on,
        s.valid_to as whole_to
    from (
        select place_id, known_number, whole_from, unnest([part_from, part_to]) as cut_on from others
    ) as o
    inner join seen as s
        on
            o.place_id = s.place_id
            and o.known_number = s.known_number
            and o.whole_from is not distinct from s.valid_from
    where
        o.cut_on is not null
        and (s.valid_from is null or o.cut_on > s.valid_from)
        and (s.valid_to is null or o.cut_on < s.valid_to)
),

pieces as (
    select
        place_id,
        known_number,
        whole_from,
        cut_on as piece_from,
        coalesce(
            lead(cut_on) over (partition by place_id, known_number, whole_from order by cut_on nulls first), whole_to
        ) as piece_to
    from cuts
),

measured as (
    select
        s.* replace (p.piece_from as valid_from, p.piece_to as valid_to),
        case when s.valid_from is not distinct from p.piece_from then s.valid_from_earliest else p.piece_from end as earliest,
        case when count(o.part_id) > 0 then 'partial' end as found_extent
    from pieces as p
    inner join seen as s
        on
            p.place_id = s.place_id
            and p.known_number = s.known_number
            and p.whole_from is not distinct from s.valid_from
    left join others as o
        on
            p.place_id = o.place_id
            and p.known_number = o.known_number
            and p.whole_from is not distinct from o.whole_from
            and coalesce(o.part_from, date '0001-01-01') <= coalesce(p.piece_from, date '0001-01-01')
            and coalesce(o.part_to, date '9999-12-31') >= coalesce(p.piece_to, date '9999-12-31')
    group by all
),

stretches as (
    select
        * exclude (extent, valid_from_earliest, found_extent, earliest),
        found_extent as extent,
        earliest as valid_from_earliest,
        known_number - row_number() over (
            partition by
                place_id, state, holder_id, valid_from, earliest, valid_to, basis, found_extent, grade, report_id,
                last_reported_on
            order by known_number
        ) as stretch
    from measured
),

cut_wholes as (
    select
        place_id,
        state,
        holder_id,
        holder_side,
        contenders,
        valid_from,
        valid_from_earliest,
        valid_to,
        basis,
        extent,
        grade,
        report_id,
        is_dated,
        last_reported_on,
        min(known_on) as known_from,
        struct_extract(arg_max(row(next_known_on), known_number), 1) as known_to
    from stretches
    group by
        place_id, state, holder_id, holder_side, contenders, valid_from, valid_from_earliest, valid_to, basis, extent, grade,
        report_id, is_dated, last_reported_on, stretch
)

select * from cut_wholes
union all by name
select *
from {{ ref('int_place_control__timelines') }}
where
    state <> 'control'
    or holder_side is null
    or extent is not null
    or place_id not in (select w.place_id from wholes as w)
