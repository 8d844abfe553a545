select
    place_id,
    country,
    place_kind,
    x_min,
    y_min,
    x_max,
    y_max,
    path
from {{ ref('map_outlines') }}
