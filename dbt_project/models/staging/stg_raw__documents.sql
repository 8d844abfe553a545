select
    landing_id,
    document_id,
    source_id,
    outlet,
    url,
    path,
    media_type,
    sha256,
    size_bytes,
    is_archive,
    landed_on,
    landed_at
from {{ source('raw', 'documents') }}
