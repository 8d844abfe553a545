{{ config(
    materialized='incremental',
    pre_hook="{{ forget_units('int_clusters__now', 'cluster_id') }}",
    post_hook="{{ remember_units('int_clusters__now') }}",
) }}
-- depends_on: {{ ref('int_clusters__now') }}, {{ source('meta', 'followed') }}

-- What is common to events of every kind: the grade (rule 7), how many say so (rule 13), and what the best claim gives.
-- An event stands while somebody affirms it.
select
    event_state_id,
    min(event_id) as event_id,
    min(cluster_id) as cluster_id,
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
    coalesce(list_sort(list(distinct outlet_id) filter (where not is_denial and date_start is not null)), [])
        as dating_outlets,
    min(date_start) filter (where not is_denial) as date_start_low,
    max(date_start) filter (where not is_denial) as date_start_high,
    arg_min(claim_id, best_order) filter (where supports) as best_claim_id,
    arg_min(conflict_id, best_order) filter (where supports) as conflict_id,
    -- The most precise place anybody names.
    arg_min(place_id, row(-place_depth, best_order)) filter (where supports and place_id is not null) as place_id,
    -- Where those who count give no date, the outlet's own voice beside them does.
    coalesce(
        arg_min({ 'first': date_start, 'last': date_end, 'prec': date_prec }, best_order) filter (
            where supports and coalesce(date_start, date_end) is not null
        ),
        arg_min({ 'first': date_start, 'last': date_end, 'prec': date_prec }, best_order) filter (
            where is_latest_word and not is_denial and coalesce(date_start, date_end) is not null
        )
    ) as best_date,
    arg_min(perpetrator_id, best_order) filter (where supports and perpetrator_id is not null) as perpetrator_id,
    arg_min(actor_id, best_order) filter (where supports and actor_id is not null) as actor_id,
    arg_min(actor_side, best_order) filter (where supports and actor_side is not null) as actor_side,
    arg_min(force, best_order) filter (where supports) as force,
    arg_min(origin_id, best_order) filter (where supports and origin_id is not null) as origin_id,
    arg_min(via_id, best_order) filter (where supports and via_id is not null) as via_id,
    arg_min(change, best_order) filter (where supports) as change,
    arg_min(change_family, best_order) filter (where supports) as change_family,
    arg_min(extent, best_order) filter (where supports and extent is not null) as extent,
    arg_min(gained_by_id, best_order) filter (where supports and gained_by_id is not null) as gained_by_id,
    arg_min(gained_side, best_order) filter (where supports and gained_side is not null) as gained_side,
    arg_min(lost_by_id, best_order) filter (where supports and lost_by_id is not null) as lost_by_id,
    arg_min(lost_side, best_order) filter (where supports and lost_side is not null) as lost_side,
    -- Bounds over the latest words (rule 9); of a casualty event they are cut by category elsewhere.
    min(count_least) filter (where supports) as count_low,
    arg_min(count_best, best_order) filter (where supports and count_best is not null) as count_best,
    arg_min(claimant_kind, best_order) filter (where supports and count_best is not null) as best_basis,
    max(count_most) filter (where supports) as count_high_stated,
    arg_max(is_open_high, row(count_most, is_open_high)) filter (where supports and count_most is not null) as is_open_high,
    min(said_on) filter (where supports) as first_said_on
from {{ ref('int_events__evidence') }}
{% if is_incremental() %}
    where cluster_id in {{ units_to_build('int_clusters__now') }}
{% endif %}
group by event_state_id
having bool_or(supports)
