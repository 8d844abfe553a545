select
    reject_id,
    source_id,
    location,
    reason_code,
    reason,
    sha256,
    landing_id,
    landed_on,
    landed_at
from {{ source('raw', 'rejects') }}
