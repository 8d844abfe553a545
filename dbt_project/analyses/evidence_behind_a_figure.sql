-- The evidence behind a figure: every claim of the events in Aleppo on 31 October 2016 in which people were killed, with
-- its words, where they stand in which article, and why it is counted there.
select
    b.event_id,
    b.relation,
    b.is_best,
    b.match_reason,
    said.quote,
    said.quote_start,
    said.quote_end,
    a.article_id,
    a.title,
    a.outlet_id,
    a.published_at
from {{ published('bridge_event_claims') }} as b
inner join {{ every_claim('claim_id, article_id, quote, quote_start, quote_end') }} as said using (claim_id)
inner join {{ published('dim_article') }} as a using (article_id)
where
    b.event_id in (
        select event_id
        from {{ published('fct_casualty_events') }}
        where harm = 'killed' and place_id = 'aleppo_sy' and date_start = date '2016-10-31'
    )
order by b.event_id, a.published_at, said.quote_start, said.quote_end desc
