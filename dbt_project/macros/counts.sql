{# The bounds of the parts of each whole in `categories`, summed. #}
{% macro parts_of(categories) -%}
    select
        event_state_id,
        above,
        sum(low) as low,
        sum(best) as best,
        count(*) = count(best) as is_every_best_known,
        sum(most) as most,
        bool_or(is_open) as is_open
    from {{ categories }}
    where above is not null
    group by event_state_id, above
{%- endmacro %}

{#
The rows of `categories` with each whole raised to its parts, bound by bound. Open parts inside a closed whole are bounded
by it; parts that pass it leave it open where one of them is. A whole nobody gave a best for has none.
#}
{% macro raised_to_parts(categories) -%}
    select
        w.* replace (
            greatest(w.low, p.low) as low,
            case when w.best is not null then greatest(w.best, p.best) end as best,
            greatest(w.most, p.most) as most,
            w.is_open or (p.is_open and p.most > w.most) is true as is_open
        )
    from {{ categories }} as w
    left join (
        {{ parts_of(categories) | indent(8) }}
    ) as p on w.event_state_id = p.event_state_id and w.victim = p.above
{%- endmacro %}

{#
The one way to sum bounds over rows that may be summed: low and best add up, and the sum's high is null where any part's
is open. Gives <name>_low, <name>_best and <name>_high.
#}
{% macro sum_of_bounds(name, relation='') -%}
    {%- set r = relation ~ '.' if relation else '' -%}
    sum({{ r }}count_low) as {{ name }}_low,
    case when count(*) = count({{ r }}count_best) then sum({{ r }}count_best) end as {{ name }}_best,
    case when count(*) = count({{ r }}count_high) then sum({{ r }}count_high) end as {{ name }}_high
{%- endmacro %}
