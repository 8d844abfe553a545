select
    claim_id,
    extractor_version,
    article_id,
    detail ->> 'harm' as harm,
    cast(detail ->> 'count_low' as bigint) as count_low,
    cast(detail ->> 'count_best' as bigint) as count_best,
    cast(detail ->> 'count_high' as bigint) as count_high,
    detail ->> 'count_text' as count_text,
    detail ->> 'count_qualifier' as count_qualifier,
    detail ->> 'victim' as victim,
    detail ->> 'victim_text' as victim_text,
    detail ->> 'scope' as scope,
    detail ->> 'place' as place,
    detail ->> 'place_text' as place_text,
    detail ->> 'perpetrator' as perpetrator,
    detail ->> 'perpetrator_text' as perpetrator_text,
    detail ->> 'subset_of' as subset_of
from {{ source('raw', 'claims') }}
where kind = 'casualty'
