{{ config(
    materialized='incremental',
    pre_hook="{{ forget_units('int_documents__now', 'document_id') }}",
    post_hook="{{ remember_units('int_documents__now') }}",
) }}
-- depends_on: {{ ref('int_documents__now') }}, {{ source('meta', 'followed') }}

-- Claims that can make an event: incidents, movements and changes. Tolls never meet another claimant's (rule 12), and
-- control_held, advance and repelled are evidence, not changes (rule 16).
with claims as (
    select
        c.*,
        r.place_line,
        case c.kind
            when 'casualty' then c.harm
            when 'reinforcement' then c.force || '/' || coalesce(c.actor_id, '')
            else c.change_family
        end as match_key,
        coalesce(c.gained_side, 'name/' || c.gained_by_id) as gained_key,
        coalesce(c.lost_side, 'name/' || c.lost_by_id) as lost_key,
        c.match_first is null as is_undated,
        -- Days within which two dates of one event may lie apart (rule 14).
        case c.kind when 'reinforcement' then 7 when 'territorial_change' then 3 else 0 end as tolerance_days
    from {{ ref('int_claims__versions') }} as c
    left join {{ ref('int_places__regions') }} as r using (place_id)
    where
        c.can_support
        and (c.kind <> 'casualty' or c.scope = 'incident')
        and (c.kind <> 'territorial_change' or c.change_family not in ('repelled', 'advance', 'control_held'))
        {% if is_incremental() %}
            and c.document_id in {{ units_to_build('int_documents__now') }}
        {% endif %}
)

select
    *,
    -- Changes where anything does by which the claim is matched or weighed.
    hash(claims) as claim_hash,
    -- An answer without a date of its own: a denial, or the loser's admission (rule 20).
    is_undated and (is_denial or is_admission) as is_answer,
    -- The days it may meet others on; an answer looks back, an undated claim waits for answers.
    case
        when not is_undated then match_first - tolerance_days
        when is_denial or is_admission then said_on - 14
        else said_on
    end as reach_first,
    case when not is_undated then match_last + tolerance_days else said_on end as reach_last
from claims
