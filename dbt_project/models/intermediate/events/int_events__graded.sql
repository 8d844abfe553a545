-- What is common to events of every kind: the grade (rule 7), how many say so (rule 13), and what the best claim gives.
-- An event stands while somebody affirms it.
select
    event_state_id,
    min(event_id) as event_id,
    min(kind) as kind,
    min(state_known_from) as known_from,
    min(state_known_to) as known_to,
    bool_and(is_current_state) as is_current,
    case
        when bool_or(supports and is_admission) then 'confirmed'
        when bool_or(denies) then 'contested'
        when count(distinct claimant_group) filter (where supports) >= 2 then 'fair'
        else 'weak'
    end as grade,
    cast(count(distinct claimant_group) filter (where supports) as integer) as number_of_claimants,
    cast(count(distinct claimant_group) filter (where denies) as integer) as number_of_deniers,
    cast(count(distinct story_id) filter (where not is_denial) as integer) as number_of_stories,
    cast(count(distinct article_id) filter (where not is_denial) as integer) as number_of_articles,
    cast(count(*) filter (where not is_denial) as integer) as number_of_claims,
    arg_min(claim_id, best_order) filter (where supports) as best_claim_id,
    arg_min(conflict_id, best_order) filter (where supports) as conflict_id,
    -- The most precise place anybody names.
    arg_min(place_id, row(-place_depth, best_order)) filter (where supports and place_id is not null) as place_id,
    arg_min({'first': date_start, 'last': date_end, 'prec': date_prec}, best_order) filter (
        where supports and coalesce(date_start, date_end) is not null
    ) as best_date,
    min(said_on) filter (where supports) as first_said_on
from {{ ref('int_events__evidence') }}
group by event_state_id
having bool_or(supports)
