{{ config(materialized='view') }}

-- A claim as it was last known, for the facts that have one row a claim.
select *
from {{ ref('int_claims__versions') }}
qualify row_number() over (partition by claim_id order by known_from desc, is_current desc, claim_version_id) = 1
