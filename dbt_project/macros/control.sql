{# Columns of an interval of control that say the same thing on every day on which the interval is known. #}
{% macro control_columns() %}
    {{ return([
        'place_id', 'state', 'holder_id', 'holder_side', 'contenders', 'basis', 'grade', 'extent', 'valid_from',
        'valid_from_earliest', 'valid_to', 'last_reported_on', 'follows_place_id', 'opened_by_event_id',
        'closed_by_event_id', 'claimant_groups', 'claim_ids', 'conflict_id', 'blockade_side',
    ]) }}
{% endmacro %}

{#
Days of knowledge of the places of `reports` (place_id, known_from, known_to): every day on which anything known of a
place changed, numbered, with the next one.
#}
{% macro known_days(reports) %}
    select
        place_id,
        day as known_on,
        lead(day) over (partition by place_id order by day) as next_known_on,
        row_number() over (partition by place_id order by day) as known_number
    from (
        select place_id, known_from as day from {{ reports }}
        union
        select place_id, known_to as day from {{ reports }} where known_to is not null
    )
{% endmacro %}

{# The same interval on one day of knowledge after another is one row. #}
{% macro as_known(intervals) %}
{%- set same = control_columns() | join(', ') %}
    select
        {{ same }},
        min(known_on) as known_from,
        nullif(max(coalesce(next_known_on, date '9999-12-31')), date '9999-12-31') as known_to
    from (
        select
            *,
            known_number - row_number() over (partition by {{ same }} order by known_number) as stretch
        from {{ intervals }}
    )
    group by {{ same }}, stretch
{% endmacro %}

{#
The end of both models of control: every report that falls in an interval and fits it (`fits`, on the interval d and the
report s) supports it, dates its last report and gives its grade (rule 7); what is only inferred has none of its own. Then
the same interval on one day of knowledge after another is one row.
#}
{% macro supported_intervals(intervals, reports, fits) %}
support as (
    select
        d.place_id,
        d.known_number,
        d.interval_number,
        max(s.day) as last_reported_on,
        bool_or(s.grade = 'confirmed') as is_confirmed,
        list_sort(list_distinct(flatten(list(s.claimant_groups)))) as claimant_groups,
        flatten(list(s.claim_ids)) as claim_ids
    from {{ intervals }} as d
    inner join {{ reports }} as s
        on
            d.place_id = s.place_id
            and d.known_number = s.known_number
            and (d.valid_from is null or d.valid_from <= s.day)
            and (d.valid_to is null or d.valid_to > s.day)
            and {{ fits | trim | indent(12) }}
    group by d.place_id, d.known_number, d.interval_number
),

supported as (
    select
        d.* exclude (own_claim_ids, given_grade),
        s.last_reported_on,
        case
            when d.basis = 'contested' or d.given_grade is null then d.given_grade
            when s.is_confirmed or d.given_grade = 'confirmed' then 'confirmed'
            when len(s.claimant_groups) >= 2 or d.given_grade = 'fair' then 'fair'
            else 'weak'
        end as grade,
        coalesce(s.claimant_groups, []) as claimant_groups,
        list_sort(list_distinct(list_concat(d.own_claim_ids, coalesce(s.claim_ids, [])))) as claim_ids
    from {{ intervals }} as d
    left join support as s using (place_id, known_number, interval_number)
)

{{ as_known('supported') }}
{% endmacro %}
