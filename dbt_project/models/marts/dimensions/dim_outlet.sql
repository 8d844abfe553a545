select
    outlet_id,
    max(source_id) as source_id,
    count(distinct document_id) as number_of_documents,
    count(distinct story_id) as number_of_stories,
    cast(min(published_at) as date) as first_published_on,
    cast(max(published_at) as date) as last_published_on
from {{ ref('int_articles__versions') }}
group by outlet_id
