{# Turns the words of a name into an id: lower snake_case without accents. #}
{% macro slug(words) -%}
    nullif(trim(regexp_replace(lower(strip_accents({{ words }})), '[^a-z0-9]+', '_', 'g'), '_'), '')
{%- endmacro %}

{#
The id of a thing: the one the extraction resolved, else one made from its words where they are a name: after an article,
a number or a direction they begin with a capital letter ('the Falcons of Ghab', '40th Brigade', 'eastern Ghouta',
'al-Madiq'). 'residents' and 'the one road to Aleppo' name nothing that two articles would share, so they give null.
#}
{% macro id_or_name(id, words) -%}
    coalesce({{ id }}, case
        when regexp_matches(
            {{ words }},
            '^\s*((the|The|a|an)\s+)?(\d+\w*\s+)?((north|south)?(east|west|north|south)?(ern)?\s+)?(\p{L}{1,3}[-‘’''`])?\p{Lu}'
        )
            then {{ slug(words) }}
    end)
{%- endmacro %}

{# Hash of the given expressions to 20 hexadecimal digits; null parts differ from empty ones. #}
{% macro content_hash(parts) -%}
    {%- set texts = [] -%}
    {%- for part in parts -%}
        {%- do texts.append("coalesce('=' || cast(" ~ part ~ " as varchar), '-')") -%}
    {%- endfor -%}
    left(sha256({{ texts | join(" || '|' || ") }}), 20)
{%- endmacro %}
