{{ config(
    materialized='incremental',
    pre_hook="{{ forget_units('int_clusters__now', 'cluster_id') }}",
    post_hook="{{ remember_units('int_clusters__now') }}",
) }}
-- depends_on: {{ ref('int_clusters__now') }}, {{ source('meta', 'followed') }}

-- What a revision may change: each attribute of each state of an event, as text.
with totals as (
    select
        event_state_id,
        whole_low,
        whole_best,
        whole_high
    from {{ ref('int_casualty_events__counted') }}
    where
        is_total
        {% if is_incremental() %}
            and cluster_id in {{ units_to_build('int_clusters__now') }}
        {% endif %}
),

states as (
    select
        g.*,
        case when g.kind = 'casualty' then t.whole_low else g.count_low end as low,
        case when g.kind = 'casualty' then t.whole_best else g.count_best end as best,
        case
            when g.kind = 'casualty' then t.whole_high
            when not g.is_open_high then g.count_high_stated
        end as high
    from {{ ref('int_events__graded') }} as g
    left join totals as t using (event_state_id)
    {% if is_incremental() %}
        where g.cluster_id in {{ units_to_build('int_clusters__now') }}
    {% endif %}
)

select
    event_id,
    cluster_id,
    event_state_id,
    kind,
    known_from,
    known_to,
    unnest([
        { 'attribute': 'count_low', 'value': cast(low as varchar) },
        { 'attribute': 'count_best', 'value': cast(best as varchar) },
        { 'attribute': 'count_high', 'value': cast(high as varchar) },
        { 'attribute': 'grade', 'value': grade },
        { 'attribute': 'date_start', 'value': cast(best_date.first as varchar) },
        { 'attribute': 'date_end', 'value': cast(coalesce(best_date.last, best_date.first) as varchar) },
        { 'attribute': 'place_id', 'value': place_id },
        { 'attribute': 'perpetrator_id', 'value': perpetrator_id },
        { 'attribute': 'origin_id', 'value': origin_id },
        { 'attribute': 'change', 'value': change },
        { 'attribute': 'extent', 'value': extent },
        { 'attribute': 'gained_by_id', 'value': gained_by_id },
        { 'attribute': 'lost_by_id', 'value': lost_by_id }
    ], recursive := true) as attribute
from states
