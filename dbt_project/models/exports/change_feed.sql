select
    c.change_id,
    c.version_number,
    c.dataset_version,
    v.built_on,
    c.entity,
    c.entity_id,
    c.action,
    cast(to_json(c.attributes) as varchar) as attributes,
    c.reason,
    c.article_id
from {{ ref('fct_changes') }} as c
inner join {{ ref('dim_dataset_version') }} as v using (version_number)
