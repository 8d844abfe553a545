select
    article_id,
    landing_id,
    document_id,
    source_id,
    outlet,
    url,
    title,
    language,
    published_at,
    published_basis,
    updated_at,
    landed_on,
    landed_at,
    known_on,
    content_hash,
    story_id,
    length(text) as text_length
from {{ source('raw', 'articles') }}
