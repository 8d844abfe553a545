{{ config(
    materialized='incremental',
    pre_hook="{{ forget_units('int_control__now', 'place_id') }}",
    post_hook="{{ remember_units('int_control__now') }}",
) }}
-- depends_on: {{ ref('int_control__now') }}, {{ source('meta', 'followed') }}

-- Who held each place in turn, drawn anew for every day on which anything known of it changed. What its own parts say of
-- the extent of a place comes after (int_control__extents).
with reports as (
    select *
    from {{ ref('int_control__spread') }}
    where
        (family in ('control', 'control_held', 'repelled', 'advance') or (family = 'siege' and distance = 0))
        and distance >= 0
        {% if is_incremental() %}
            and place_id in {{ units_to_build('int_control__now') }}
        {% endif %}
),

days as (
    {{ known_days('reports') }}
),

seen as (
    select
        d.known_number,
        d.known_on,
        d.next_known_on,
        r.*
    from days as d
    inner join reports as r
        on
            d.place_id = r.place_id
            and d.known_on >= r.known_from
            and (r.known_to is null or d.known_on < r.known_to)
),

-- On one day a report of the whole comes before one of the place itself; of two changes the one told first.
marks as (
    select
        *,
        family = 'control' as is_change,
        grade = 'contested' as is_contested,
        coalesce(extent = 'partial', false) as is_partial,
        row_number() over (
            partition by place_id, known_number order by day, distance desc, first_said_at, report_id
        ) as step
    from seen
    where
        family in ('control', 'control_held')
        -- That a part was taken, and that it was not, says nothing of the whole.
        and not (grade = 'contested' and coalesce(extent = 'partial', false))
),

-- A part follows its whole until it has a report of its own (rule 22): the reports of a nearer place around each report.
nearer as (
    select
        m.place_id,
        m.known_number,
        m.step,
        max(n.step) filter (where n.step < m.step) as last_nearer,
        min(n.step) as first_nearer
    from marks as m
    inner join marks as n
        on
            m.place_id = n.place_id
            and m.known_number = n.known_number
            and m.distance > n.distance
    where m.distance > 0 and not n.is_partial
    group by m.place_id, m.known_number, m.step
),

around as (
    select
        m.*,
        r.last_nearer,
        r.first_nearer,
        f.loser_side as first_nearer_loser,
        -- It follows again once the whole is taken from the side that holds the part.
        m.is_change
        and coalesce(
            m.loser_side = n.holder_side
            or (n.is_contested and m.loser_side = n.loser_side)
            or (m.loser_side is null and m.holder_side <> n.holder_side),
            false
        ) as takes_part,
        first_value(case when m.is_contested then [m.holder_side, m.loser_side] else [m.holder_side] end) over (
            partition by m.place_id, m.known_number, r.first_nearer, r.last_nearer order by m.step desc
        ) as whole_sides
    from marks as m
    left join nearer as r
        on
            m.place_id = r.place_id
            and m.known_number = r.known_number
            and m.step = r.step
    left join marks as n
        on
            m.place_id = n.place_id
            and m.known_number = n.known_number
            and r.last_nearer = n.step
    left join marks as f
        on
            m.place_id = f.place_id
            and m.known_number = f.known_number
            and r.first_nearer = f.step
),

followed as (
    select *
    from around
    qualify case
        when first_nearer is null then true
        -- Before its own first report, unless that names another loser than the whole's holder.
        when
            last_nearer is null
            then first_nearer_loser is null or coalesce(list_contains(whole_sides, first_nearer_loser), false)
        else bool_or(takes_part) over (partition by place_id, known_number, last_nearer order by step)
    end
),

among_changes as (
    select
        *,
        last_value(
            case
                when is_change and not is_partial
                    then { 'is_contested': is_contested, 'sides': [holder_side, loser_side] }
            end ignore nulls
        ) over (in_order rows between unbounded preceding and 1 preceding) as last_change,
        first_value(
            case when is_change and not is_partial then { 'loser_side': loser_side, 'distance': distance } end ignore nulls
        ) over (in_order rows between unbounded preceding and unbounded following) as first_change
    from followed
    window in_order as (partition by place_id, known_number order by step)
),

-- A holding by one of the contenders clears no contest, and one by the first known loser is what rule 21 infers.
sequence as (
    select *
    from among_changes
    where
        is_change
        or is_partial
        or not coalesce(
            (last_change.is_contested and list_contains(last_change.sides, holder_side))
            or (last_change is null and first_change.loser_side = holder_side and first_change.distance = distance),
            false
        )
),

lagged as (
    select
        *,
        last_value(
            case
                when not is_partial
                    then
                        {
                            'holder_id': holder_id,
                            'holder_side': holder_side,
                            'day': day,
                            'distance': distance,
                            'is_contested': is_contested
                        }
            end ignore nulls
        ) over (in_order rows between unbounded preceding and 1 preceding) as prev,
        coalesce(lag(is_partial) over in_order, false) as is_after_partial
    from sequence
    window in_order as (partition by place_id, known_number order by step)
),

-- Two reports of one place that name two sides within 14 days, with no change between them, are a contest too.
disputed as (
    select
        *,
        is_contested
        or coalesce(
            not is_change
            and not is_partial
            and not prev.is_contested
            and prev.distance = distance
            and prev.holder_side <> holder_side
            and day - prev.day <= 14,
            false
        ) as is_disputed
    from lagged
),

after_disputes as (
    select
        *,
        coalesce(
            last_value(case when not is_partial then is_disputed end ignore nulls) over (
                partition by place_id, known_number order by step rows between unbounded preceding and 1 preceding
            ),
            false
        ) as is_after_dispute
    from disputed
),

-- Rule 23: an interval is cut where the side changes, where a contest begins or ends, where a member of a side takes the
-- place from another; not where members of a side follow each other.
begun as (
    select *
    from after_disputes
    where case
        when is_partial
            then
                prev is null
                or (
                    not is_after_dispute
                    and (prev.holder_side is distinct from holder_side or not (is_change or is_after_partial))
                )
        else
            prev is null
            or is_disputed
            or is_after_dispute
            or prev.holder_side is distinct from holder_side
            or prev.distance <> distance
            or (is_change and is_after_partial)
            or (is_change and loser_id = prev.holder_id and holder_id is distinct from prev.holder_id)
    end
),

-- While only a part is taken the holder of the whole stays; the loser, where nothing else is known.
held as (
    select
        *,
        case
            when not is_partial then { 'id': holder_id, 'side': holder_side, 'is_inferred': distance > 0, 'grade': grade }
            else coalesce(
                last_value(
                    case
                        when not is_partial
                            then { 'id': holder_id, 'side': holder_side, 'is_inferred': distance > 0, 'grade': grade }
                    end ignore nulls
                ) over in_order,
                case
                    when is_change and loser_id is not null
                        then { 'id': loser_id, 'side': loser_side, 'is_inferred': true, 'grade': null }
                end,
                { 'id': holder_id, 'side': holder_side, 'is_inferred': false, 'grade': grade }
            )
        end as holder,
        lead(day) over in_order as valid_to,
        lead(event_id) over in_order as closed_by_event_id,
        row_number() over in_order = 1 as is_first
    from begun
    window in_order as (partition by place_id, known_number order by step)
),

drawn as (
    select
        place_id,
        known_number,
        known_on,
        next_known_on,
        reported_place_id,
        case when not is_disputed then holder.id end as holder_id,
        case when not is_disputed then holder.side end as holder_side,
        case
            when is_disputed
                then list_sort(list_distinct(list_filter(
                    [
                        holder_id,
                        case when is_change then loser_id end,
                        case when not is_change or loser_id is null then prev.holder_id end
                    ],
                    lambda x: x is not null
                )))
        end as contenders,
        case when is_disputed then list_distinct([holder_side, loser_side, prev.holder_side]) else [holder.side] end as sides,
        case when is_disputed then 'contested' when holder.is_inferred then 'inferred' else 'reported' end as basis,
        case when is_disputed then 'contested' else holder.grade end as given_grade,
        extent,
        day as valid_from,
        day_earliest as valid_from_earliest,
        valid_to,
        event_id as opened_by_event_id,
        closed_by_event_id,
        claim_ids as own_claim_ids,
        conflict_id
    from held
    where (valid_to is null or valid_from < valid_to) and (is_disputed or holder.id is not null)
    union all
    -- Before the first known change its loser held the place (rule 21).
    select
        place_id,
        known_number,
        known_on,
        next_known_on,
        reported_place_id,
        loser_id as holder_id,
        loser_side as holder_side,
        null as contenders,
        [loser_side] as sides,
        'inferred' as basis,
        null as given_grade,
        null as extent,
        null as valid_from,
        null as valid_from_earliest,
        day as valid_to,
        null as opened_by_event_id,
        event_id as closed_by_event_id,
        claim_ids as own_claim_ids,
        conflict_id
    from held
    where
        is_first
        and is_change
        and loser_id is not null
        -- Who besieged a place and withdraws from it had not held it.
        and not (
            coalesce(change = 'withdrawal', false)
            and exists (
                select 1
                from seen as s
                where
                    s.place_id = held.place_id
                    and s.known_number = held.known_number
                    and s.family = 'siege'
                    and s.holder_side = held.loser_side
                    and s.day <= held.day
            )
        )
),

numbered as (
    select
        * exclude (reported_place_id),
        'control' as state,
        cast(null as varchar) as blockade_side,
        reported_place_id,
        nullif(reported_place_id, place_id) as follows_place_id,
        row_number() over (partition by place_id, known_number order by valid_from nulls first) as interval_number
    from drawn
),

{{ supported_intervals('numbered', 'seen', "
    d.reported_place_id = s.reported_place_id
    and s.family <> 'siege'
    and list_contains(d.sides, s.holder_side)
") }}
