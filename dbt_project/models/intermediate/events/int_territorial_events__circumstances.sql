-- Holdings, advances and repelled attacks make no event (rule 16): they are evidence for the nearest change of the same
-- place by one of the parties they name.
with circumstances as (
    select c.*
    from {{ ref('int_claims__versions') }} as c
    where
        c.is_current
        and c.can_support
        and c.change_family in ('control_held', 'advance', 'repelled')
        and c.match_first is not null
        and c.place_id is not null
),

near as (
    select
        e.event_id,
        c.claim_id,
        c.claimant_group,
        e.best_claim_id as matched_claim_id,
        'a ' || replace(c.change, '_', ' ') || ' claim of the same place within 3 days' as match_reason,
        row_number() over (
            partition by c.claim_id order by abs(date_diff('day', e.best_date.first, c.match_first)), e.event_id
        ) as nearest
    from circumstances as c
    inner join {{ ref('int_events__graded') }} as e
        on
            c.place_id = e.place_id
            and e.best_date.first <= c.match_last + 3
            and c.match_first <= coalesce(e.best_date.last, e.best_date.first) + 3
    where
        e.is_current
        and e.kind = 'territorial_change'
        and (
            c.gained_side in (e.gained_side, e.lost_side)
            or c.lost_side in (e.gained_side, e.lost_side)
        )
)

select * exclude (nearest)
from near
where nearest = 1
