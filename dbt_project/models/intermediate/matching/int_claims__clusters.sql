{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='claim_version_id',
    post_hook=[
        "{{ forget_claims_that_are_gone() }}", "{{ remember_units('int_documents__now') }}", "{{ remember_own_number() }}",
    ],
) }}
-- depends_on: {{ ref('int_documents__now') }}, {{ source('meta', 'followed') }}

-- Everything that could ever have been one event, in whatever order it was learnt: connected components over all
-- versions of all claims. A cluster is named by its least claim version, so its name says nothing else. Of what is built
-- already, only clusters with a claim of a changed document, or with one that such a claim matches, are opened again.
with recursive
{% if is_incremental() %}
    changed as materialized {{ units_to_build('int_documents__now') }},

    -- A claim of a changed document may have left its cluster, and may join those of all that it matches now.
    neighbours as (
        select claim_b as claim_version_id
        from {{ ref('int_claims__edges') }}
        where document_a in (select d.unit_id from changed as d)
        union
        select claim_a as claim_version_id
        from {{ ref('int_claims__edges') }}
        where document_b in (select d.unit_id from changed as d)
    ),

    reopened as materialized (
        select distinct cluster_id
        from {{ this }}
        where
            document_id in (select d.unit_id from changed as d)
            or claim_version_id in (select n.claim_version_id from neighbours as n)
    ),
{% endif %}

members as (
    select
        claim_version_id,
        document_id
    from {{ ref('int_claims__matchable') }}
    {% if is_incremental() %}
        where
            document_id in (select d.unit_id from changed as d)
            or claim_version_id in (
                select k.claim_version_id
                from {{ this }} as k
                where k.cluster_id in (select r.cluster_id from reopened as r)
            )
    {% endif %}
),

numbered as materialized (
    -- Labels travel as numbers, in the order of the ids: half the cost of travelling as text.
    select
        claim_version_id,
        document_id,
        row_number() over (order by claim_version_id) as number
    from members
),

pairs as materialized (
    select
        a.number as one,
        b.number as other
    from {{ ref('int_claims__edges') }} as e
    inner join numbered as a on e.claim_a = a.claim_version_id
    inner join numbered as b on e.claim_b = b.claim_version_id
),

links as materialized (
    select
        one as here,
        other as there
    from pairs
    union all
    select
        other as here,
        one as there
    from pairs
),

labels (number, label) {{ using_key('number') }} as (
    select
        here as number,
        least(here, min(there)) as label
    from links
    group by here
    union
    select
        links.there as number,
        min(labels.label) as label
    from labels
    inner join links on labels.number = links.here
    inner join recurring.labels as known on links.there = known.number
    where labels.label < known.label
    group by links.there
)

select
    n.claim_version_id,
    n.document_id,
    {{ own_number() }} as changed_in,
    coalesce(least_one.claim_version_id, n.claim_version_id) as cluster_id,
    l.label is null as is_alone
from numbered as n
left join labels as l using (number)
left join numbered as least_one on l.label = least_one.number
