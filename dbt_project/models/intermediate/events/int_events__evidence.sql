{{ config(
    materialized='incremental',
    pre_hook="{{ forget_units('int_clusters__now', 'cluster_id') }}",
    post_hook="{{ remember_units('int_clusters__now') }}",
) }}
-- depends_on: {{ ref('int_clusters__now') }}, {{ source('meta', 'followed') }}

-- Each claim of an event as it was known, with what it weighs: does it stand, for or against.
with members as (
    select
        s.event_id,
        s.event_state_id,
        s.cluster_id,
        s.known_from as state_known_from,
        s.known_to as state_known_to,
        s.is_current as is_current_state,
        unnest(s.claim_version_ids) as claim_version_id
    from {{ ref('int_events__states') }} as s
    {% if is_incremental() %}
        where s.cluster_id in {{ units_to_build('int_clusters__now') }}
    {% endif %}
),

said as (
    select
        m.event_id,
        m.event_state_id,
        m.cluster_id,
        m.state_known_from,
        m.state_known_to,
        m.is_current_state,
        c.*,
        len(r.place_line) as place_depth,
        row(c.worded_at, c.landed_at, c.article_id) as said_in_order,
        row(c.worded_at, c.landed_at, c.article_id, c.position, c.claim_id) as said_at
    from members as m
    inner join {{ ref('int_claims__versions') }} as c using (claim_version_id)
    left join {{ ref('int_places__regions') }} as r using (place_id)
),

-- One claimant speaks with its latest word (rule 4): a later denial takes back what was affirmed, a later affirmation
-- the denial, a later number the number before it. Numbers are replaced category by category.
latest as (
    select
        *,
        max(said_at) filter (where not is_denial) over of_group as last_affirmed_at,
        max(said_at) filter (where is_denial) over of_group as last_denied_at,
        max(said_in_order) over (
            partition by event_state_id, claimant_group, is_denial, victim, subset_of is not null
        ) as last_in_order
    from said
    window of_group as (partition by event_state_id, claimant_group)
),

standing as (
    select
        *,
        said_in_order = last_in_order
        and case
            when is_denial then last_affirmed_at is null or said_at > last_affirmed_at
            else last_denied_at is null or said_at > last_denied_at
        end as is_latest_word
    from latest
),

-- An outlet's own voice counts only where its story names nobody else for the fact (rule 5).
heard as (
    select
        *,
        is_latest_word and not (
            is_own_voice
            and coalesce(bool_or(is_latest_word and not is_own_voice) over (
                partition by event_state_id, story_id, is_denial
            ), false)
        ) as is_standing
    from standing
)

select
    event_id,
    event_state_id,
    cluster_id,
    state_known_from,
    state_known_to,
    is_current_state,
    claim_version_id,
    claim_id,
    kind,
    article_id,
    story_id,
    outlet_id,
    conflict_id,
    claimant_id,
    claimant_kind,
    claimant_group,
    claim_rank,
    is_own_voice,
    is_denial,
    is_admission,
    is_latest_word,
    is_standing,
    is_standing and not is_denial as supports,
    is_standing and is_denial as denies,
    published_at,
    landed_at,
    said_on,
    date_start,
    date_end,
    date_prec,
    place_id,
    place_depth,
    harm,
    victim,
    subset_of,
    perpetrator_id,
    actor_id,
    actor_side,
    force,
    origin_id,
    via_id,
    count_group,
    change,
    change_family,
    extent,
    gained_by_id,
    gained_side,
    lost_by_id,
    lost_side,
    count_best,
    count_least,
    count_most,
    is_open_high,
    -- Rule 8's order: the best rank, then the newest, then the least claim_id.
    row_number() over (
        partition by event_state_id, is_standing and not is_denial
        order by claim_rank nulls last, worded_at desc, landed_at desc, claim_id
    ) as best_order
from heard
