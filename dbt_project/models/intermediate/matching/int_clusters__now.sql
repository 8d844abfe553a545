{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='unit_id',
    post_hook=["{{ remember_units('int_claims__clusters') }}", "{{ remember_own_number() }}"],
) }}
-- depends_on: {{ source('meta', 'followed') }}

-- Clusters whose events are to be made anew: those that claims were put into again, and those that are no more.
with clusters as (
    select cluster_id as unit_id
    from {{ ref('int_claims__clusters') }}
    where claim_version_id = cluster_id
)

select
    unit_id,
    true as is_there,
    {{ own_number() }} as changed_in
from clusters
{% if is_incremental() %}
    where
        unit_id in (
            select c.cluster_id
            from {{ ref('int_claims__clusters') }} as c
            where c.changed_in > {{ last_number('int_claims__clusters') }}
        )
    union all
    select
        unit_id,
        false as is_there,
        {{ own_number() }} as changed_in
    from {{ this }}
    where is_there and unit_id not in (select c.unit_id from clusters as c)
{% endif %}
