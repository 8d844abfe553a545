-- The rules, and everything that a rule reads from the reference tables; where it changes, everything is built again.
with tables as (
    {% for table in [
        'ref_actors', 'ref_actor_sides', 'ref_conflicts', 'ref_conflict_countries', 'ref_claimants', 'ref_claimant_kinds',
        'ref_places', 'ref_places_local', 'ref_victim_categories',
    ] -%}
        select bit_xor(hash(t)) as fingerprint from {{ ref(table) }} as t
        {{ "union all" if not loop.last }}
    {% endfor %}
),

reference as (
    select coalesce(left(sha256(string_agg(cast(fingerprint as varchar), '/' order by fingerprint)), 12), '') as reference_version
    from tables
)

select
    t.reference_version,
    t.reference_version || '/' || r.rules_version as fingerprint
from reference as t
cross join {{ ref('int_rules__now') }} as r
