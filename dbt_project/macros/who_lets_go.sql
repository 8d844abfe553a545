{#
    Common table expressions of int_events__states: from `edges` (both ways) and `claims` to `let_go`, one row per pair of
    matching claims (one < other, by their numbers) and stretch of days in which one of them lets the other go.
#}
{% macro who_lets_go() -%}
-- Two claims that are not one event, whatever a third says: told apart by their article, places that are siblings, or
-- two dates that a coarse third holds both of. (Civilians and fighters are not rivals: they are parts of a total.)
-- The nearer is the better match of the third; the farther is let go. Pairs of a claim's neighbours grow with the
-- square of their number, so each reason looks only at neighbours that can give it: claims of one article; claims that
-- lie elsewhere than the third (two at its own place, or one there and one within or around it, are no siblings); and
-- all of them for a coarse third alone.
pulls as materialized (
    select
        *,
        there_place_id is not null and (here_place_id is null or there_place_id <> here_place_id) as is_elsewhere
    from edges
    where edge_kind <> 'subset'
),

apart as materialized (
    {% for reason in [
        'e.there_article_id = f.there_article_id',
        'e.is_elsewhere and f.is_elsewhere
            and not list_contains(e.there_place_line, f.there_place_id)
            and not list_contains(f.there_place_line, e.there_place_id)',
        'e.here_days >= 6 and (e.there_last < f.there_first or f.there_last < e.there_first)',
    ] %}
        select
            e.here as number,
            e.there as near,
            f.there as far
        from pulls as e
        inner join pulls as f on e.here = f.here
        left join {{ ref('int_victims__lines') }} as v on e.there_victim = v.victim and f.there_victim = v.other
        where
            {{ reason }}
            and e.there <> f.there
            and e.there_claim_id <> f.there_claim_id
            and row(e.distance, e.there_order) < row(f.distance, f.there_order)
            and (e.kind <> 'casualty' or v.victim is not null)
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

rivals as (
    select a.*
    from apart as a
    left join edges as friends on a.near = friends.here and a.far = friends.there
    where friends.here is null
),

-- An undated answer answers one affirmation: its own story's, else the nearest.
better_answers as (
    select
        e.here as number,
        f.there as near,
        e.there as far
    from edges as e
    inner join edges as f on e.here = f.here and e.there <> f.there
    where
        e.edge_kind = 'answer'
        and e.answer_number = e.here
        and not f.is_there_denial
        and (
            f.edge_kind = 'story'
            or (
                f.edge_kind = 'answer' and f.answer_number = f.here
                and (f.distance, f.there_order) < (e.distance, e.there_order)
            )
        )
),

-- A claim lets another go while the nearer one is visible; either end lets go of both.
let_go as materialized (
    select distinct
        least(r.number, r.far) as one,
        greatest(r.number, r.far) as other,
        near.known_from,
        near.known_to
    from (
        select * from rivals
        union all
        select * from better_answers
    ) as r
    inner join claims as near on r.near = near.number
)
{%- endmacro %}
