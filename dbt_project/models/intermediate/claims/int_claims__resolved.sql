-- depends_on: {{ ref('int_articles__changed') }}
{{ config(
    materialized='incremental',
    pre_hook="{{ delete_changed_articles() }}",
    post_hook="{{ remember_changes() }}",
) }}

with claims as (
    select * from {{ ref('stg_raw__claims') }}
    {% if is_incremental() %}
        where article_id in (select changed.article_id from {{ ref('int_articles__changed') }} as changed)
    {% endif %}
),

-- Of each kind, the columns of its own; only those of the articles asked for, since unpacking costs.
{% for kind in ['casualty', 'reinforcement', 'territorial'] -%}
    {{ kind }}_columns as (
        select * from {{ ref('stg_raw__' ~ kind ~ '_claims') }}
        {% if is_incremental() %}
            where article_id in (select changed.article_id from {{ ref('int_articles__changed') }} as changed)
        {% endif %}
    ),
{% endfor %}

named as (
    select
        c.* exclude (claimant),
        {{ id_or_name('c.claimant', 'c.claimant_text') }} as claimant_id,
        cas.harm,
        cas.victim,
        cas.victim_text,
        cas.scope,
        {{ id_or_name('cas.perpetrator', 'cas.perpetrator_text') }} as perpetrator_id,
        cas.perpetrator_text,
        cas.subset_of,
        rei.force,
        rei.unit_text,
        rei.count_group,
        {{ id_or_name('rei.actor', 'rei.actor_text') }} as actor_id,
        rei.actor_text,
        {{ id_or_name('rei.origin', 'rei.origin_text') }} as origin_id,
        rei.origin_text,
        {{ id_or_name('rei.via', 'rei.via_text') }} as via_id,
        rei.via_text,
        ter.change,
        ter.extent,
        {{ id_or_name('ter.gained_by', 'ter.gained_by_text') }} as gained_by_id,
        ter.gained_by_text,
        ter.is_gained_by_inferred,
        {{ id_or_name('ter.lost_by', 'ter.lost_by_text') }} as lost_by_id,
        ter.lost_by_text,
        ter.is_lost_by_inferred,
        -- The place a claim is about: of a movement, where it goes.
        coalesce(
            {{ id_or_name('cas.place', 'cas.place_text') }},
            {{ id_or_name('rei.destination', 'rei.destination_text') }},
            {{ id_or_name('ter.place', 'ter.place_text') }}
        ) as place_id,
        coalesce(cas.place_text, rei.destination_text, ter.place_text) as place_text,
        coalesce(cas.count_low, rei.count_low) as count_low,
        coalesce(cas.count_best, rei.count_best) as count_best,
        coalesce(cas.count_high, rei.count_high) as count_high,
        coalesce(cas.count_text, rei.count_text) as count_text,
        coalesce(cas.count_qualifier, rei.count_qualifier) as count_qualifier
    from claims as c
    left join casualty_columns as cas using (claim_id, extractor_version)
    left join reinforcement_columns as rei using (claim_id, extractor_version)
    left join territorial_columns as ter using (claim_id, extractor_version)
),

-- Inside one reading of an article the same slots said twice are one claim, the first, with mention_count.
mentions as (
    select
        *,
        first_value(claim_id) over same_slots as kept_claim_id,
        count(*) over (
            partition by article_id, extractor_version, {{ slots() }}
        ) as mention_count
    from named
    window same_slots as (
        partition by article_id, extractor_version, {{ slots() }}
        order by position, claim_id
        rows between unbounded preceding and unbounded following
    )
)

select
    kept.* exclude (kept_claim_id, subset_of),
    coalesce(total.kept_claim_id, kept.subset_of) as subset_of
from mentions as kept
left join mentions as total
    on
        kept.subset_of = total.claim_id
        and kept.extractor_version = total.extractor_version
where kept.claim_id = kept.kept_claim_id
