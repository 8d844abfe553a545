select
    event_id,
    place_id,
    change,
    change_family,
    extent,
    gained_by_id,
    gained_side,
    lost_by_id,
    lost_side,
    best_date.first as date_start,
    coalesce(best_date.last, best_date.first) as date_end,
    best_date.prec as date_prec,
    conflict_id,
    grade,
    best_claim_id,
    number_of_claimants,
    number_of_deniers,
    number_of_stories,
    number_of_articles,
    known_from
from {{ ref('int_events__graded') }}
where is_current and kind = 'territorial_change'
