select
    change_number,
    change_id,
    article_id,
    document_id,
    change,
    landing_id,
    extractor_version,
    claims as number_of_claims,
    changed_on
from {{ source('raw', 'changes') }}
