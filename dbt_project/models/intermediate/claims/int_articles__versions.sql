{{ config(
    materialized='incremental',
    pre_hook="{{ forget_units('int_documents__now', 'document_id') }}",
    post_hook="{{ remember_units('int_documents__now') }}",
) }}
-- depends_on: {{ ref('int_documents__now') }}, {{ source('meta', 'followed') }}

with ordered as (
    select
        *,
        row_number() over (
            partition by document_id
            order by coalesce(updated_at, published_at) nulls first, landed_at, article_id
        ) as version_number
    from {{ ref('stg_raw__articles') }}
    {% if is_incremental() %}
        where document_id in {{ units_to_build('int_documents__now') }}
    {% endif %}
),

-- The last word on an article: withdrawn, or loaded (again).
withdrawn as (
    select
        article_id,
        arg_max(changed_on, change_number) as withdrawn_on
    from {{ ref('stg_raw__changes') }}
    where change in ('loaded', 'withdrawn') and article_id in (select o.article_id from ordered as o)
    group by article_id
    having arg_max(change, change_number) = 'withdrawn'
),

replaced as (
    select
        *,
        -- Known from the first day on which a later version is known.
        min(known_on) over (
            partition by document_id
            order by version_number
            rows between 1 following and unbounded following
        ) as replaced_on
    from ordered
),

-- A story is a report and its copies; its own voice is the outlet that had it first.
stories as (
    select
        story_id,
        arg_min(coalesce(outlet, source_id), (coalesce(published_at, landed_at), landed_at, article_id)) as story_outlet
    from {{ ref('stg_raw__articles') }}
    where story_id in (select o.story_id from ordered as o)
    group by story_id
)

select
    r.article_id,
    r.document_id,
    r.landing_id,
    r.version_number,
    r.source_id,
    coalesce(r.outlet, r.source_id) as outlet_id,
    r.url,
    r.title,
    r.language,
    r.published_at,
    r.published_on,
    r.published_basis,
    r.updated_at,
    r.landed_on,
    r.landed_at,
    r.content_hash,
    r.text_length,
    r.story_id,
    s.story_outlet,
    coalesce(r.published_on, cast(r.published_at as date), r.landed_on) as said_on,
    -- When these words were said, by which a claimant's words are ordered (rules 1 and 4).
    coalesce(r.updated_at, r.published_at, r.landed_at) as worded_at,
    r.known_on as known_from,
    least(r.replaced_on, w.withdrawn_on) as known_to,
    r.replaced_on,
    w.withdrawn_on,
    least(r.replaced_on, w.withdrawn_on) is null as is_current,
    -- A version that landed after its successor was never what we knew.
    coalesce(least(r.replaced_on, w.withdrawn_on) > r.known_on, true) as was_known
from replaced as r
inner join stories as s using (story_id)
left join withdrawn as w using (article_id)
