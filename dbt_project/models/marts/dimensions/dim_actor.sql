-- An actor keeps one id through its renames: one row for each period of its official name.
with official as (
    select
        actor_id,
        name,
        valid_from,
        valid_to
    from {{ ref('ref_actor_names') }}
    where is_official
),

known as (
    select
        a.actor_id,
        coalesce(o.name, a.name) as name,
        o.valid_from,
        o.valid_to,
        a.actor_kind,
        a.parent_actor_id,
        a.country,
        true as is_in_reference
    from {{ ref('ref_actors') }} as a
    left join official as o using (actor_id)
),

named as (
    select
        party_id as actor_id,
        min(party_text) as name
    from (
        select
            unnest([perpetrator_id, actor_id, gained_by_id, lost_by_id]) as party_id,
            unnest([perpetrator_text, actor_text, gained_by_text, lost_by_text]) as party_text
        from {{ ref('int_claims__known') }}
    )
    where party_id is not null
    group by party_id
),

everyone as (
    select * from known
    union all
    select
        n.actor_id,
        coalesce(n.name, n.actor_id) as name,
        null as valid_from,
        null as valid_to,
        null as actor_kind,
        null as parent_actor_id,
        null as country,
        false as is_in_reference
    from named as n
    where n.actor_id not in (select k.actor_id from known as k)
)

select
    {{ content_hash(['actor_id', 'name', 'valid_from']) }} as actor_name_id,
    actor_id,
    name,
    valid_from,
    valid_to,
    row_number() over (partition by actor_id order by valid_from desc nulls last, name) = 1 as is_current_name,
    actor_kind,
    parent_actor_id,
    country,
    is_in_reference
from everyone
