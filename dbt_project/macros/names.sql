{# Turns the words of a name into an id: lower snake_case without accents. #}
{% macro slug(words) -%}
    nullif(trim(regexp_replace(lower(strip_accents({{ words }})), '[^a-z0-9]+', '_', 'g'), '_'), '')
{%- endmacro %}

{#
The id of a thing: the one the extraction resolved, else one made from its words where they are a name (they hold a
capital letter). 'the town' and 'residents' name nothing that two articles would share, so they give null.
#}
{% macro id_or_name(id, words) -%}
    coalesce({{ id }}, case when regexp_matches({{ words }}, '\p{Lu}') then {{ slug(words) }} end)
{%- endmacro %}

{# Hash of the given expressions to 20 hexadecimal digits; null parts differ from empty ones. #}
{% macro content_hash(parts) -%}
    left(sha256(
        {%- for part in parts %}coalesce('=' || cast({{ part }} as varchar), '-'){{ " || '|' || " if not loop.last }}{% endfor -%}
    ), 20)
{%- endmacro %}
