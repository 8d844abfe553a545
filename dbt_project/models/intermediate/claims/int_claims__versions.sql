{{ config(
    materialized='incremental',
    pre_hook="{{ forget_units('int_documents__now', 'document_id') }}",
    post_hook="{{ remember_units('int_documents__now') }}",
) }}
-- depends_on: {{ ref('int_documents__now') }}, {{ source('meta', 'followed') }}

-- What every later model reads: a claim as it was known in one stretch of days, with its article, story, war, sides,
-- claimant group and rank, the days it can be matched on, and its count as closed bounds.
with claims as (
    select
        c.*,
        a.source_id,
        a.outlet_id,
        a.story_id,
        a.story_outlet,
        a.published_at,
        a.updated_at,
        a.landed_at,
        a.said_on,
        a.worded_at,
        w.conflict_id,
        s.claimant_side,
        s.perpetrator_side,
        s.actor_side,
        s.gained_side,
        s.lost_side,
        m.claimant_kind as named_kind,
        m.claimant_rank as named_rank,
        m.independence,
        p.actor_kind as claimant_actor_kind,
        r.region_id,
        -- A point with a coarse precision stands for the week, month or year it lies in.
        coalesce(c.date_start, c.date_end) as day_first,
        coalesce(c.date_end, c.date_start) as day_last
    from {{ ref('int_claims__known') }} as c
    inner join {{ ref('int_articles__versions') }} as a using (article_id)
    left join {{ ref('int_claims__conflicts') }} as w using (claim_version_id)
    left join {{ ref('int_claims__sides') }} as s using (claim_version_id)
    left join {{ ref('int_claimants__all') }} as m using (claimant_id)
    left join {{ ref('ref_actors') }} as p on m.actor_id = p.actor_id
    left join {{ ref('int_places__regions') }} as r using (place_id)
    {% if is_incremental() %}
        where c.document_id in {{ units_to_build('int_documents__now') }}
    {% endif %}
),

judged as (
    select
        *,
        status = 'denied' as is_denial,
        coalesce(victim in ('soldiers', 'fighters', 'police'), false) as is_of_fighters,
        case
            when day_first < day_last or coalesce(date_prec, 1) = 1 then day_first
            when date_prec = 2 then day_first - 3
            when date_prec = 3 then date_trunc('week', day_first)
            when date_prec = 4 then date_trunc('month', day_first)
            else date_trunc('year', day_first)
        end as match_first,
        case
            when day_first < day_last or coalesce(date_prec, 1) = 1 then day_last
            when date_prec = 2 then day_last + 3
            when date_prec = 3 then date_trunc('week', day_first) + interval 6 day
            when date_prec = 4 then last_day(day_first)
            else date_trunc('year', day_first) + interval 1 year - interval 1 day
        end as match_last,
        case
            when claimant_id is null and claimant_text is null and status <> 'claimed' then 'outlet'
            when claimant_id is null or named_kind = 'unnamed' then 'unnamed'
            else coalesce(independence, 'self')
        end as voice,
        case
            when kind = 'territorial_change' and change in ('captured', 'recaptured', 'lost', 'withdrawal') then 'control'
            when kind = 'territorial_change' and change in ('siege_imposed', 'siege_tightened') then 'siege'
            when kind = 'territorial_change' then change
        end as change_family
    from claims
),

-- How a party stands to what it says (rules 7 and 8).
standing as (
    select
        *,
        case
            when coalesce(independence, '') <> 'side' or claimant_side is null then null
            when kind = 'territorial_change' and claimant_side = lost_side then 'own_loss'
            when kind = 'territorial_change' and claimant_side = gained_side then 'own_success'
            when kind = 'reinforcement' and claimant_side = actor_side then 'own_success'
            when kind = 'casualty' and claimant_side = perpetrator_side and not is_of_fighters then 'own_loss'
            when kind = 'casualty' and claimant_side = perpetrator_side then 'enemy_loss'
            -- Its own dead: killed by another, or, where nobody is named, its own kind of fighters.
            when
                kind = 'casualty' and is_of_fighters
                and (
                    perpetrator_side is not null
                    or (claimant_actor_kind in ('government', 'state_forces', 'police')) = (victim in ('soldiers', 'police'))
                )
                then 'own_loss'
            when kind = 'casualty' and perpetrator_side is null and is_of_fighters then 'enemy_loss'
            else 'other'
        end as party_standing
    from judged
)

select
    c.* exclude (day_first, day_last, named_kind, named_rank, independence, claimant_actor_kind, match_first, match_last),
    cast(c.match_first as date) as match_first,
    cast(c.match_last as date) as match_last,
    case c.voice when 'outlet' then coalesce(c.named_kind, 'newspaper') when 'unnamed' then 'unnamed' else c.named_kind end
        as claimant_kind,
    -- The unit of independence (rule 5): a side, an observer for itself, the outlet that had the story first.
    case
        when c.voice = 'side' then coalesce('side:' || c.claimant_side, 'claimant:' || c.claimant_id)
        when c.voice = 'self' then 'claimant:' || c.claimant_id
        when c.voice = 'outlet' then 'outlet:' || coalesce(c.claimant_id, c.story_outlet)
        else 'outlet:' || c.story_outlet
    end as claimant_group,
    c.voice = 'unnamed' or c.claimant_id is null as is_own_voice,
    not c.is_denial and coalesce(c.party_standing = 'own_loss', false) as is_admission,
    k.claimant_rank as claim_rank,
    coalesce(c.count_low, c.count_best, c.count_high) as count_least,
    coalesce(c.count_high, c.count_best, c.count_low) as count_most,
    coalesce(c.count_low, c.count_best, c.count_high) is not null and c.count_high is null as is_open_high
from standing as c
-- Rule 8's ranks are data; how a party stands to its own words is a kind there.
left join {{ ref('ref_claimant_kinds') }} as k
    on k.claimant_kind = case
        when c.party_standing = 'own_loss' then 'party_own_loss'
        when c.party_standing = 'enemy_loss' then 'party_enemy_loss'
        when c.voice = 'outlet' then 'newspaper'
        when c.voice = 'unnamed' then 'unnamed'
        else c.named_kind
    end
