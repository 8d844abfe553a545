{{ config(
    materialized='incremental',
    pre_hook=["{{ forget_units('int_documents__now', 'document_a') }}", "{{ forget_units('int_documents__now', 'document_b') }}"],
    post_hook="{{ remember_units('int_documents__now') }}",
) }}
-- depends_on: {{ ref('int_documents__now') }}, {{ source('meta', 'followed') }}

-- Whether two claims match depends on the two alone, so only pairs with a claim of a changed document are matched again.
with
{% if is_incremental() %}
    changed as materialized {{ units_to_build('int_documents__now') }},
{% endif %}

members as (
    select
        b.block_id,
        b.block_month,
        b.first_month,
        {% if is_incremental() -%}
            c.document_id in (select d.unit_id from changed as d)
        {%- else -%}
            true
        {%- endif %} as is_new,
        c.*
    from {{ ref('int_claims__blocks') }} as b
    inner join {{ ref('int_claims__matchable') }} as c using (claim_version_id)
    {% if is_incremental() %}
        where
            b.block_id in (
                select n.block_id
                from {{ ref('int_claims__blocks') }} as n
                where n.document_id in (select d.unit_id from changed as d)
            )
    {% endif %}
),

pairs as (
    select
        a.block_id,
        a.kind,
        a.claim_version_id as claim_a,
        b.claim_version_id as claim_b,
        a.document_id as document_a,
        b.document_id as document_b,
        coalesce(a.subset_of = b.claim_id or b.subset_of = a.claim_id, false) and a.article_id = b.article_id as is_subset,
        a.story_id = b.story_id as is_same_story,
        a.article_id = b.article_id as is_same_article,
        -- Places: the same, one in the other, or not said by one of them.
        case
            when a.place_id = b.place_id then 0
            when list_contains(a.place_line, b.place_id) or list_contains(b.place_line, a.place_id) then 1
            when a.place_id is null or b.place_id is null then 2
        end as place_gap,
        a.is_undated or b.is_undated as is_undated,
        -- Days that meet. A count of the dead over more than a month (UCDP's date_prec 5, a summary event there too) is no
        -- account of one incident within it: it meets counts over about the same time only.
        case
            when a.kind = 'casualty' and greatest(a.match_last - a.match_first, b.match_last - b.match_first) > 30
                then abs(a.match_first - b.match_first) + abs(a.match_last - b.match_last) <= 30
            else
                a.match_first <= b.match_last + a.tolerance_days and b.match_first <= a.match_last + a.tolerance_days
        end as is_in_time,
        abs(date_diff('day', a.match_first, b.match_first)) + abs(date_diff('day', a.match_last, b.match_last)) as day_gap,
        -- An answer and the affirmation before it.
        case
            when a.is_answer and not b.is_answer and not b.is_denial
                then date_diff('day', coalesce(b.match_first, b.said_on), a.said_on)
            when b.is_answer and not a.is_answer and not a.is_denial
                then date_diff('day', coalesce(a.match_first, a.said_on), b.said_on)
        end as answer_days,
        case when a.is_answer then a.claim_version_id when b.is_answer then b.claim_version_id end as answer_id,
        -- Territory: the same side gains; where one does not say who, the same side loses.
        a.kind <> 'territorial_change'
        or a.gained_key = b.gained_key
        or ((a.gained_key is null or b.gained_key is null) and (a.lost_key = b.lost_key or a.story_id = b.story_id))
            as is_same_gain,
        a.kind <> 'casualty' or v.victim is not null as is_same_line,
        case
            when a.count_least is null or b.count_least is null then 10
            when
                a.count_least <= case when b.is_open_high then 1e18 else b.count_most end
                and b.count_least <= case when a.is_open_high then 1e18 else a.count_most end
                then 0
            else least(10 * abs(ln(greatest(a.count_least, 1)) - ln(greatest(b.count_least, 1))), 40)
        end as count_gap,
        -- Said by one claimant in one article, of the same people at the same place, and yet not the same number.
        coalesce(
            a.article_id = b.article_id
            and a.claimant_group = b.claimant_group
            and a.claim_id <> b.claim_id
            and a.place_id is not distinct from b.place_id
            and a.victim is not distinct from b.victim
            and a.count_group is not distinct from b.count_group
            and (
                a.count_least > case when b.is_open_high then 1e18 else b.count_most end
                or b.count_least > case when a.is_open_high then 1e18 else a.count_most end
            ),
            false
        ) as is_told_apart
    from members as a
    inner join members as b
        on
            a.block_id = b.block_id
            and a.match_key = b.match_key
            and a.claim_version_id < b.claim_version_id
    left join {{ ref('int_victims__lines') }} as v
        on
            a.victim = v.victim
            and b.victim = v.other
    where
        (a.is_new or b.is_new)
        -- A pair is matched once: in its story where one of them lacks a place or a date or is a part of another claim,
        -- else in the first month that both reach.
        and case
            when
                a.story_id = b.story_id
                and (
                    a.place_id is null or b.place_id is null or a.is_undated or b.is_undated
                    or a.subset_of is not null or b.subset_of is not null
                )
                then a.block_month is null
            else a.block_month = greatest(a.first_month, b.first_month)
        end
)

select
    block_id,
    kind,
    claim_a,
    claim_b,
    document_a,
    document_b,
    case
        when is_subset then 'subset'
        when is_undated and not is_same_story then 'answer'
        when place_gap = 2 or is_undated then 'story'
        when place_gap = 1 then 'place_within'
        else 'same_place'
    end as edge_kind,
    case when is_undated and not is_same_story then answer_id end as answer_id,
    case
        when is_subset then 0.0
        when is_undated and not is_same_story then answer_days
        else place_gap * 100 + count_gap + least(coalesce(day_gap, 40), 40)
    end as distance,
    case
        when is_subset then 'a part of the other by the words of the article'
        when is_undated and not is_same_story then 'an undated answer to the nearest earlier affirmation within 14 days'
        else
            case place_gap when 0 then 'same place' when 1 then 'one place in the other' else 'same story, place not said' end
            || case when is_undated then ', date not said' when day_gap = 0 then ', same days' else ', days that meet' end
            || case kind
                when 'casualty' then ', categories on one line'
                when 'reinforcement' then ', same sender'
                else ', same side gains'
            end
    end as match_reason
from pairs
where
    is_subset
    or (
        is_same_line
        and is_same_gain
        and not is_told_apart
        and case
            when is_undated and not is_same_story then place_gap <= 1 and answer_days between 0 and 14
            when place_gap = 2 or is_undated then is_same_story and coalesce(place_gap <= 2, false) and coalesce(is_in_time, true)
            else place_gap <= 1 and is_in_time
        end
    )
