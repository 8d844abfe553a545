select
    claim_id,
    extractor_version,
    article_id,
    detail ->> 'actor' as actor,
    detail ->> 'actor_text' as actor_text,
    detail ->> 'force' as force,
    detail ->> 'unit_text' as unit_text,
    cast(detail ->> 'count_low' as bigint) as count_low,
    cast(detail ->> 'count_best' as bigint) as count_best,
    cast(detail ->> 'count_high' as bigint) as count_high,
    detail ->> 'count_text' as count_text,
    detail ->> 'count_qualifier' as count_qualifier,
    detail ->> 'count_group' as count_group,
    detail ->> 'origin' as origin,
    detail ->> 'origin_text' as origin_text,
    detail ->> 'via' as via,
    detail ->> 'via_text' as via_text,
    detail ->> 'destination' as destination,
    detail ->> 'destination_text' as destination_text
from {{ source('raw', 'claims') }}
where kind = 'reinforcement'
