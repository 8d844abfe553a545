{{ config(
    materialized='incremental',
    pre_hook=["{{ forget_units('int_clusters__now', 'cluster_id') }}", "{{ forget_units('int_documents__now', 'document_id') }}"],
    post_hook=["{{ remember_units('int_clusters__now') }}", "{{ remember_units('int_documents__now') }}"],
) }}
-- depends_on: {{ ref('int_clusters__now') }}, {{ ref('int_documents__now') }}, {{ source('meta', 'followed') }}

-- What is said of who holds, besieges or cuts off a place, as known in stretches of days: changes, which are events, for
-- each place their claims name; holdings, repelled attacks and advances, which are claims (rule 16).
with evidence as (
    select
        e.*,
        c.position,
        c.match_first,
        {
            'first': e.date_start, 'last': e.date_end, 'prec': e.date_prec, 'match_first': c.match_first,
            'match_last': c.match_last
        } as dated
    from {{ ref('int_events__evidence') }} as e
    inner join {{ ref('int_claims__versions') }} as c using (claim_version_id)
    where
        e.kind = 'territorial_change'
        {% if is_incremental() %}
            and e.cluster_id in {{ units_to_build('int_clusters__now') }}
        {% endif %}
),

weighed as (
    select
        event_state_id,
        list(distinct claimant_group order by claimant_group) filter (where supports) as claimant_groups,
        list(distinct claim_id order by claim_id) filter (where is_latest_word) as claim_ids,
        coalesce(
            arg_min(dated, best_order) filter (where supports and match_first is not null),
            arg_min(dated, best_order) filter (where is_latest_word and not is_denial and match_first is not null)
        ) as best_date,
        min({ 'at': coalesce(published_at, landed_at), 'article_id': article_id, 'position': position }) filter (
            where supports
        ) as first_said_at
    from evidence
    group by event_state_id
),

-- One event may be told of a town and of its east: each changes hands as it is told of.
places as (
    select
        event_state_id,
        place_id,
        arg_min({ 'extent': extent }, best_order).extent as extent
    from evidence
    where supports and place_id is not null
    group by event_state_id, place_id
),

changes as (
    select
        g.event_id as report_id,
        g.event_id,
        g.cluster_id,
        cast(null as varchar) as document_id,
        p.place_id,
        g.change_family as family,
        g.change,
        p.extent,
        g.gained_by_id as holder_id,
        coalesce(g.gained_side, 'name/' || g.gained_by_id) as holder_side,
        g.lost_by_id as loser_id,
        coalesce(g.lost_side, 'name/' || g.lost_by_id) as loser_side,
        w.best_date,
        g.first_said_on,
        w.first_said_at,
        g.grade,
        w.claimant_groups,
        w.claim_ids,
        g.conflict_id,
        g.known_from,
        g.known_to
    from {{ ref('int_events__graded') }} as g
    inner join weighed as w using (event_state_id)
    inner join places as p using (event_state_id)
),

-- Who held the place on the day: of a holding and a repelled attack the side named first, of an advance the other.
circumstances as (
    select
        claim_id as report_id,
        null as event_id,
        cast(null as varchar) as cluster_id,
        document_id,
        place_id,
        change_family as family,
        change,
        extent,
        case change_family when 'advance' then lost_by_id else gained_by_id end as holder_id,
        case change_family
            when 'advance' then coalesce(lost_side, 'name/' || lost_by_id)
            else coalesce(gained_side, 'name/' || gained_by_id)
        end as holder_side,
        null as loser_id,
        null as loser_side,
        case
            when match_first is not null
                then {
                    'first': date_start, 'last': date_end, 'prec': date_prec, 'match_first': match_first, 'match_last': match_last
                }
        end as best_date,
        said_on as first_said_on,
        { 'at': coalesce(published_at, landed_at), 'article_id': article_id, 'position': position } as first_said_at,
        case when is_admission then 'confirmed' else 'weak' end as grade,
        [claimant_group] as claimant_groups,
        [claim_id] as claim_ids,
        conflict_id,
        known_from,
        known_to
    from {{ ref('int_claims__versions') }}
    where
        change_family in ('control_held', 'repelled', 'advance')
        and can_support
        and not is_denial
        and place_id is not null
        {% if is_incremental() %}
            and document_id in {{ units_to_build('int_documents__now') }}
        {% endif %}
),

reports as (
    select * from changes
    union all by name
    select * from circumstances where holder_id is not null
)

select
    * exclude (best_date, first_said_on),
    -- Rule 21: a coarse date counts from its last day; one that is open at its end ('since') from its first; none at all
    -- from the day it was first said.
    case
        when best_date is null then first_said_on
        when coalesce(best_date.prec, 1) < 3 or best_date.last is null then coalesce(best_date.first, best_date.last)
        else best_date.match_last
    end as day,
    case
        when best_date.first is null then null
        when coalesce(best_date.prec, 1) < 3 or best_date.last is null then best_date.first
        else best_date.match_first
    end as day_earliest
from reports
