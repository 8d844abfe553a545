select
    {{ content_hash(['coalition_actor_id', 'member_actor_id', 'valid_from']) }} as membership_id,
    coalition_actor_id,
    member_actor_id,
    valid_from,
    valid_to
from {{ ref('ref_actor_coalitions') }}
