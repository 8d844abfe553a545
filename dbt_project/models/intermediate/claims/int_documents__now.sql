{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='unit_id',
    post_hook=["{{ remember_changes() }}", "{{ remember_own_number() }}"],
) }}
-- depends_on: {{ ref('stg_raw__changes') }}, {{ source('meta', 'followed') }}, {{ source('meta', 'progress') }}

-- A document's claims are built again where it landed, was read or was withdrawn again, where a document of its story was
-- (the story may have got another first outlet), where a person reviewed one of its claims, or where the rules or the
-- reference tables changed.
with reviewed as (
    select
        a.document_id,
        bit_xor(hash(r)) as reviews_hash
    from {{ ref('reviews') }} as r
    inner join {{ ref('int_claims__resolved') }} as c using (claim_id)
    inner join {{ ref('stg_raw__articles') }} as a using (article_id)
    group by a.document_id
),

{% if is_incremental() %}
    logged as (
        select distinct document_id
        from {{ ref('stg_raw__changes') }}
        where change_number > {{ last_change(this.identifier) }}
    ),

    stories as (
        select distinct story_id
        from {{ ref('stg_raw__articles') }}
        where document_id in (select l.document_id from logged as l)
    ),

    touched as (
        select document_id from logged
        union
        select document_id
        from {{ ref('stg_raw__articles') }}
        where story_id in (select s.story_id from stories as s)
        union
        select k.unit_id as document_id
        from {{ this }} as k
        cross join {{ ref('int_reference__now') }} as n
        left join reviewed as r on k.unit_id = r.document_id
        where k.fingerprint is distinct from concat_ws('/', r.reviews_hash, n.fingerprint)
    )
{% else %}
    touched as (
        select distinct document_id from {{ ref('stg_raw__articles') }}
    )
{% endif %}

select
    t.document_id as unit_id,
    concat_ws('/', r.reviews_hash, n.fingerprint) as fingerprint,
    {{ own_number() }} as changed_in
from touched as t
cross join {{ ref('int_reference__now') }} as n
left join reviewed as r using (document_id)
