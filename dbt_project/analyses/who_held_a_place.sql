-- Who held the 1070 Apartments district on 15 September 2016, and who says so: as known on 1 August 2016, and as known now.
-- One row a question and claim behind the answer; without a holder where nothing was known.
select
    asked.as_known,
    held.holder_id,
    held.contenders,
    held.basis,
    held.grade,
    held.valid_from,
    held.valid_to,
    coalesce(said.claimant_id, said.outlet_id) as said_by,
    said.quote
from (values ('on 1 August 2016', date '2016-08-01'), ('now', date '9999-12-30')) as asked (as_known, known_on)
left join {{ published('fct_place_control') }} as held
    on
        held.place_id = '1070_apartments_sy'
        and held.state = 'control'
        and asked.known_on >= held.known_from
        and (held.known_to is null or asked.known_on < held.known_to)
        and (held.valid_from is null or held.valid_from <= date '2016-09-15')
        and (held.valid_to is null or held.valid_to > date '2016-09-15')
left join {{ published('fct_territorial_changes') }} as said on list_contains(held.claim_ids, said.claim_id)
order by asked.known_on, said_by
