select
    claim_id,
    extractor_version,
    article_id,
    detail ->> 'change' as change,
    detail ->> 'place' as place,
    detail ->> 'place_text' as place_text,
    detail ->> 'extent' as extent,
    detail ->> 'gained_by' as gained_by,
    detail ->> 'gained_by_text' as gained_by_text,
    cast(detail ->> 'gained_by_inferred' as boolean) as is_gained_by_inferred,
    detail ->> 'lost_by' as lost_by,
    detail ->> 'lost_by_text' as lost_by_text,
    cast(detail ->> 'lost_by_inferred' as boolean) as is_lost_by_inferred
from {{ source('raw', 'claims') }}
where kind = 'territorial_change'
