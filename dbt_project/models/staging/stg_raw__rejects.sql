select
    reject_id,
    source_id,
    location,
    reason_code,
    reason,
    sha256,
    landed_on,
    landed_at
from {{ source('raw', 'rejects') }}
