{{ config(
    materialized='incremental',
    incremental_strategy='append',
    full_refresh=false,
    on_schema_change='fail',
) }}

-- A state of the warehouse is what landed and was read, by which rules, with which reference tables and reviews. A build
-- that finds the state of the one before adds nothing. The table is a memory of builds: a full refresh keeps it.
with landed as (
    select
        coalesce(max(change_number), 0) as last_change_number,
        max(changed_on) as changed_on,
        count(distinct article_id) as number_of_articles,
        -- In any order: a sum of hashes costs a twentieth of sorting the ids.
        coalesce(cast(bit_xor(md5_number(change_id)) as varchar), '') as changes_hash
    from {{ ref('stg_raw__changes') }}
),

reviewed as (
    select coalesce(cast(bit_xor(hash(r)) as varchar), '') as reviews_version from {{ ref('reviews') }} as r
),

state as (
    select
        l.last_change_number,
        l.number_of_articles,
        r.rules_version,
        n.reference_version,
        v.reviews_version,
        concat_ws(
            '-',
            coalesce(cast(l.changed_on as varchar), 'empty'),
            left(sha256(concat_ws('/', l.changes_hash, r.rules_version, n.reference_version, v.reviews_version)), 8)
        ) as dataset_version
    from landed as l
    cross join reviewed as v
    cross join {{ ref('int_rules__now') }} as r
    cross join {{ ref('int_reference__now') }} as n
),

{% if is_incremental() %}
    last_built as (
        select
            version_number,
            dataset_version
        from {{ this }}
        order by version_number desc
        limit 1
    )
{% else %}
    last_built as (
        select
            0 as version_number,
            null as dataset_version
    )
{% endif %}

select
    cast(coalesce(b.version_number, 0) + 1 as integer) as version_number,
    s.dataset_version,
    cast('{{ day_of_run() }}' as date) as built_on,
    s.last_change_number,
    s.number_of_articles,
    s.rules_version,
    s.reference_version,
    s.reviews_version
from state as s
left join last_built as b on true
where s.dataset_version is distinct from b.dataset_version
